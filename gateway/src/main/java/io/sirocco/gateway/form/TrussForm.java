package io.sirocco.gateway.form;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.gateway.answer.TextAnswer;
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

  private static final Map<String, Object> DEFAULTS = Map.of(
      "max_tokens",
      DEFAULT_TOKENS,
      "max_length",
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
    for (Map.Entry<String, Object> fallback : DEFAULTS.entrySet()) {
      if (members.get(fallback.getKey()) == null && !isGreedy(members, fallback.getKey())) {
        members.put(fallback.getKey(), fallback.getValue());
      }
    }
    ChatRequest request = bodies.request(members);
    if (request.maxTokens() != null && request.maxTokens() > MOST_TOKENS) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE,
          "max_tokens",
          "expected at most " + MOST_TOKENS + ", found " + request.maxTokens());
    }
    return new Asked(request, false, new TextAnswer(null));
  }

  /** Temperature 0 says that nothing is drawn, as long as nothing else is said. */
  private static boolean isGreedy(Map<String, @Nullable Object> members, String name) {
    return name.equals("do_sample")
        && members.get("temperature") instanceof Number temperature
        && temperature.doubleValue() == 0;
  }
}
