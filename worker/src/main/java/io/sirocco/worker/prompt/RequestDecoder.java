package io.sirocco.worker.prompt;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request. A field whose value does not even fit into the request's record is
 * reported as its row in the table of fields says, with its range.
 *
 * <p>Immutable and thread-safe.
 */
public final class RequestDecoder {
  private final JsonCodec codec;

  /** Decodes with {@code codec}. */
  public RequestDecoder(JsonCodec codec) {
    this.codec = codec;
  }

  /**
   * Reads a body.
   *
   * @throws InvalidRequestException when it is not JSON, or not of the shape of a request
   */
  public ChatRequest decode(byte @Nullable [] body) throws InvalidRequestException {
    byte[] json = body == null ? new byte[0] : body;
    try {
      return codec.read(json, ChatRequest.class);
    } catch (MalformedJsonException e) {
      String message = String.valueOf(e.getMessage());
      if (e.field() == null) {
        throw new InvalidRequestException(ErrorCode.INVALID_JSON, null, message);
      }
      checkAsInTable(e.field().replaceFirst("[\\[.].*", ""), json);
      throw new InvalidRequestException(ErrorCode.INVALID_TYPE, e.field(), message);
    }
  }

  private void checkAsInTable(String name, byte[] json) throws InvalidRequestException {
    RequestField<?> field =
        Parameters.all().filter(each -> each.name().equals(name)).findFirst().orElse(null);
    Object value = field == null ? null : value(name, json);
    if (field != null && value != null) {
      field.reader().read(name, value);
    }
  }

  private @Nullable Object value(String name, byte[] json) {
    try {
      return codec.readMembers(json).get(name);
    } catch (MalformedJsonException e) { // The body is no object.
      return null;
    }
  }
}
