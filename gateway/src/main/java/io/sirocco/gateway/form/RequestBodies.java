package io.sirocco.gateway.form;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of requests, and says what is wrong with them as a worker does.
 *
 * <p>Thread-safe.
 */
final class RequestBodies {
  private final JsonCodec codec = new JsonCodec();

  ChatRequest request(byte[] body) throws InvalidRequestException {
    try {
      return withMessages(codec.read(body, ChatRequest.class));
    } catch (MalformedJsonException e) {
      throw fault(e);
    }
  }

  ChatRequest request(Map<String, @Nullable Object> members) throws InvalidRequestException {
    return request(codec.writeBytes(members));
  }

  Map<String, @Nullable Object> members(byte[] body) throws InvalidRequestException {
    try {
      return new LinkedHashMap<>(codec.readMembers(body));
    } catch (MalformedJsonException e) {
      throw fault(e);
    }
  }

  /** What no worker could do anything with is not written to any topic. */
  private static ChatRequest withMessages(ChatRequest request) throws InvalidRequestException {
    List<?> messages = request.messages();
    if (messages == null || messages.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.MISSING_REQUIRED_PARAMETER,
          "messages",
          "expected a list of at least one message, found none");
    }
    return request;
  }

  private static InvalidRequestException fault(MalformedJsonException e) {
    ErrorCode code = e.field() == null ? ErrorCode.INVALID_JSON : ErrorCode.INVALID_TYPE;
    return new InvalidRequestException(code, e.field(), String.valueOf(e.getMessage()));
  }

  /**
   * Returns a member that is true or false, or is not there.
   *
   * @throws InvalidRequestException when it is something else
   */
  static boolean flag(Map<String, ?> members, String name) throws InvalidRequestException {
    Object value = members.get(name);
    if (value == null) {
      return false;
    } else if (value instanceof Boolean flag) {
      return flag;
    }
    throw new InvalidRequestException(
        ErrorCode.INVALID_TYPE, name, "expected true or false, found another JSON value");
  }
}
