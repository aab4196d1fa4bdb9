package io.sirocco.gateway.form;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.gateway.answer.TextAnswer;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The form of Truss's example models: OpenAI's messages with defaults of its own, and text for an
 * answer.
 *
 * <p>Source: the Mistral examples of Truss.
 *
 * <p>Thread-safe.
 */
public final class TrussForm implements RequestForm {
  private static final int DEFAULT_TOKENS = 512;

  /** The most tokens of prompt and answer together. */
  private static final int MOST_TOKENS = 4096;

  private static final String MAX_TOKENS = "max_tokens";
  private static final String MAX_LENGTH = "max_length";

  /** The names of the most tokens of an answer. */
  private static final List<String> MOST_OF_ANSWER =
      List.of("max_completion_tokens", MAX_TOKENS, "max_new_tokens");

  private static final Map<String, Object> DEFAULTS = Map.of(
      MAX_TOKENS,
      DEFAULT_TOKENS,
      MAX_LENGTH,
      MOST_TOKENS,
      "top_p",
      0.95,
      "top_k",
      50,
      "do_sample",
      true);

  private final RequestBodies bodies = new RequestBodies();

  @Override
  public Asked read(byte[] body, UnaryOperator<@Nullable String> headers)
      throws InvalidRequestException {
    Map<String, @Nullable Object> members = bodies.members(body);
    requireCapped(members, MAX_LENGTH);
    for (String name : MOST_OF_ANSWER) {
      requireCapped(members, name);
    }
    for (Map.Entry<String, Object> fallback : DEFAULTS.entrySet()) {
      String name = fallback.getKey();
      if (members.get(name) == null && !isSaidOtherwise(members, name)) {
        members.put(name, fallback.getValue());
      }
    }
    ChatRequest request = bodies.request(members);
    return new Asked(request, false, new TextAnswer(null));
  }

  private static void requireCapped(Map<String, @Nullable Object> members, String name)
      throws InvalidRequestException {
    if (members.get(name) instanceof Number tokens && tokens.doubleValue() > MOST_TOKENS) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE, name, "expected at most " + MOST_TOKENS + ", found " + tokens);
    }
  }

  /**
   * Temperature 0 says that nothing is drawn, as long as nothing else is said; and the most tokens have
   * more names than one, of which a default would win over some.
   */
  private static boolean isSaidOtherwise(Map<String, @Nullable Object> members, String name) {
    return switch (name) {
      case MAX_TOKENS -> MOST_OF_ANSWER.stream().anyMatch(other -> members.get(other) != null);
      case "do_sample" ->
        members.get("temperature") instanceof Number temperature && temperature.doubleValue() == 0;
      default -> false;
    };
  }
}
