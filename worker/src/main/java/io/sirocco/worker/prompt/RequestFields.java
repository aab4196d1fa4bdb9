package io.sirocco.worker.prompt;

import io.sirocco.contracts.chat.ChatRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one request by name, whether its record has them or not; the conversation and the
 * model are not among them.
 *
 * <p>Immutable.
 */
final class RequestFields {
  private final Map<String, @Nullable Object> values;

  private RequestFields(Map<String, @Nullable Object> values) {
    this.values = values;
  }

  /** Collects the fields of {@code request}. */
  static RequestFields of(ChatRequest request) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(request.extra());
    values.put("temperature", request.temperature());
    values.put("top_p", request.topP());
    values.put("top_k", request.topK());
    values.put("min_p", request.minP());
    values.put("max_completion_tokens", request.maxCompletionTokens());
    values.put("max_tokens", request.maxTokens());
    values.put("stop", request.stop());
    values.put("seed", request.seed());
    values.put("stream", request.stream());
    values.put("user", request.user());
    return new RequestFields(values);
  }

  /** Returns a field's value, or null when it is absent or null. */
  @Nullable
  Object value(String name) {
    return values.get(name);
  }

  /** The names of all fields, present or not. */
  Set<String> names() {
    return values.keySet();
  }
}
