package io.sirocco.gateway.form;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.gateway.answer.TextAnswer;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The form of Baseten's model library: messages, or one {@code prompt} of the user's, and {@code
 * {"output": ...}} for an answer, which begins with the prompt as the model saw it.
 *
 * <p>Source: Baseten model library, Mistral 7B Instruct.
 *
 * <p>Thread-safe.
 */
public final class BasetenForm implements RequestForm {
  private static final String PROMPT = "prompt";
  private static final String MESSAGES = "messages";
  private static final String FULL_TEXT = "return_full_text";

  private final RequestBodies bodies = new RequestBodies();

  @Override
  public Asked read(byte[] body, UnaryOperator<@Nullable String> headers)
      throws InvalidRequestException {
    Map<String, @Nullable Object> members = bodies.members(body);
    if (members.get(MESSAGES) == null && members.containsKey(PROMPT)) {
      if (!(members.remove(PROMPT) instanceof String prompt)) {
        throw new InvalidRequestException(
            ErrorCode.INVALID_TYPE, PROMPT, "expected a string, found another JSON value");
      }
      members.put(MESSAGES, List.of(Map.of("role", "user", "content", prompt)));
    }
    members.putIfAbsent(FULL_TEXT, true);
    return new Asked(bodies.request(members), false, new TextAnswer("output"));
  }
}
