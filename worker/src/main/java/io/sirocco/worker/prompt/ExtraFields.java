package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the fields that the request's record does not have.
 *
 * <p>A field that would change the answer, and cannot be followed, is an error, unless its value asks
 * for what happens anyway. A field that does not touch the answer is passed over. Any other is named
 * to the sender as ignored: a name that nobody knows is most often a typing error.
 *
 * <p>Immutable.
 */
final class ExtraFields {
  /** Fields that would change the answer, each with the value that asks for nothing. */
  private static final Map<String, Object> UNSUPPORTED = Map.ofEntries(
      Map.entry("n", 1),
      Map.entry("logprobs", false),
      Map.entry("top_logprobs", 0),
      Map.entry("presence_penalty", 0),
      Map.entry("frequency_penalty", 0),
      Map.entry("repetition_penalty", 1),
      Map.entry("no_repeat_ngram_size", 0),
      Map.entry("logit_bias", Map.of()),
      Map.entry("response_format", Map.of("type", "text")),
      Map.entry("tools", List.of()),
      Map.entry("tool_choice", "none"),
      Map.entry("functions", List.of()),
      Map.entry("function_call", "none"),
      Map.entry("min_tokens", 0),
      Map.entry("stop_token_ids", List.of()),
      Map.entry("ignore_eos", false),
      Map.entry("echo", false),
      Map.entry("continue_final_message", false));

  private static final Set<String> PASSED_OVER = Set.of(
      "stream_options",
      "metadata",
      "service_tier",
      "store",
      "prompt_cache_key",
      "safety_identifier",
      "parallel_tool_calls");

  private ExtraFields() {}

  /**
   * Returns the names of the fields that are ignored.
   *
   * @throws InvalidRequestException for a field that cannot be followed
   */
  static List<String> check(Map<String, @Nullable Object> extra) throws InvalidRequestException {
    List<String> ignored = new ArrayList<>();
    for (Map.Entry<String, @Nullable Object> field : extra.entrySet()) {
      String name = field.getKey();
      Object neutral = UNSUPPORTED.get(name);
      if (neutral == null) {
        if (!PASSED_OVER.contains(name)) {
          ignored.add(name);
        }
      } else if (!asksForNothing(field.getValue(), neutral)) {
        throw new InvalidRequestException(
            ErrorCode.UNSUPPORTED_PARAMETER,
            name,
            "'%s' is not supported: expected it to be absent or %s".formatted(name, neutral));
      }
    }
    return ignored;
  }

  private static boolean asksForNothing(@Nullable Object value, Object neutral) {
    if (value == null || value.equals(neutral)) {
      return true;
    }
    if (value instanceof Number number && neutral instanceof Number other) {
      return number.doubleValue() == other.doubleValue();
    }
    return value instanceof Collection<?> list && list.isEmpty() && neutral instanceof List;
  }
}
