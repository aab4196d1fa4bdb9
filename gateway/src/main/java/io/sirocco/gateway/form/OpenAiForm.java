package io.sirocco.gateway.form;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.gateway.answer.OpenAiAnswer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's form, which Mistral's and DeepInfra's clients speak too: {@code background} and Mistral's
 * {@code random_seed} and {@code safe_prompt} are understood here, everything else by the worker.
 *
 * <p>Source: OpenAI API reference, Create chat completion; Mistral API specification, Chat Completion.
 *
 * <p>Thread-safe.
 */
public final class OpenAiForm implements RequestForm {
  private static final String BACKGROUND = "background";
  private static final String RANDOM_SEED = "random_seed";
  private static final String SAFE_PROMPT = "safe_prompt";

  private final RequestBodies bodies = new RequestBodies();

  @Override
  public Asked read(byte[] body, UnaryOperator<@Nullable String> headers)
      throws InvalidRequestException {
    ChatRequest request = bodies.request(body);
    Map<String, @Nullable Object> extra = new LinkedHashMap<>(request.extra());
    boolean background = RequestBodies.flag(extra, BACKGROUND);
    extra.remove(BACKGROUND);
    if (!RequestBodies.flag(extra, SAFE_PROMPT)) {
      extra.remove(SAFE_PROMPT);
    }
    ChatRequest asked = seeded(request.withExtra(extra));
    boolean includeUsage = extra.get("stream_options") instanceof Map<?, ?> options
        && Boolean.TRUE.equals(options.get("include_usage"));
    return new Asked(asked, background, new OpenAiAnswer(includeUsage));
  }

  private ChatRequest seeded(ChatRequest request) throws InvalidRequestException {
    if (!request.extra().containsKey(RANDOM_SEED)) {
      return request;
    }
    Map<String, @Nullable Object> extra = new LinkedHashMap<>(request.extra());
    Object seed = extra.remove(RANDOM_SEED);
    if (seed != null && !(seed instanceof Integer) && !(seed instanceof Long)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_TYPE, RANDOM_SEED, "expected a whole number, found another JSON value");
    }
    ChatRequest without = request.withExtra(extra);
    return seed == null || request.seed() != null
        ? without
        : without.withSeed(((Number) seed).longValue());
  }
}
