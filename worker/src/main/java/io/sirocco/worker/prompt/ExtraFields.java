package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the fields that the records of a request and of its messages do not have.
 *
 * <p>A field that would change the answer, and cannot be followed, is an error, unless its value asks
 * for what happens anyway. A field that does not touch the answer is passed over. Any other is named
 * to the sender as ignored: a name that nobody knows is most often a typing error.
 *
 * <p>Immutable.
 */
final class ExtraFields {
  /** Those of a request. */
  static final ExtraFields OF_REQUEST = new ExtraFields(
      Map.ofEntries(
          Map.entry("n", List.of(1)),
          Map.entry("logprobs", List.of(false)),
          Map.entry("top_logprobs", List.of(0)),
          Map.entry("presence_penalty", List.of(0)),
          Map.entry("frequency_penalty", List.of(0)),
          Map.entry("repetition_penalty", List.of(1)),
          Map.entry("no_repeat_ngram_size", List.of(0)),
          Map.entry("logit_bias", List.of(Map.of())),
          Map.entry("response_format", List.of(Map.of("type", "text"))),
          Map.entry("tools", List.of(List.of())),
          // Without tools, the model chooses none of them.
          Map.entry("tool_choice", List.of("none", "auto")),
          Map.entry("functions", List.of(List.of())),
          Map.entry("function_call", List.of("none", "auto")),
          Map.entry("min_tokens", List.of(0)),
          Map.entry("stop_token_ids", List.of(List.of())),
          Map.entry("ignore_eos", List.of(false)),
          Map.entry("echo", List.of(false)),
          Map.entry("continue_final_message", List.of(false))),
      Set.of(
          "stream_options",
          "metadata",
          "service_tier",
          "store",
          "prompt_cache_key",
          CacheFields.USE_CACHE, // Read elsewhere, as is the next.
          CacheFields.CACHE_SALT,
          "safety_identifier",
          "parallel_tool_calls"));

  /** Those of a message; an answer of OpenAI's that is sent back brings most of them along. */
  static final ExtraFields OF_MESSAGE = new ExtraFields(
      Map.of(
          "tool_calls", List.of(List.of()),
          "tool_call_id", List.of(),
          "function_call", List.of(),
          "audio", List.of()),
      Set.of("name", "refusal", "annotations"));

  /** Fields that would change the answer, each with the values that ask for nothing. */
  private final Map<String, List<Object>> unsupported;

  private final Set<String> passedOver;

  private ExtraFields(Map<String, List<Object>> unsupported, Set<String> passedOver) {
    this.unsupported = unsupported;
    this.passedOver = passedOver;
  }

  /**
   * Returns the names of the fields that are ignored, each after {@code path}.
   *
   * @throws InvalidRequestException for a field that cannot be followed
   */
  List<String> check(String path, Map<String, @Nullable Object> extra)
      throws InvalidRequestException {
    List<String> ignored = new ArrayList<>();
    for (Map.Entry<String, @Nullable Object> field : extra.entrySet()) {
      String name = field.getKey();
      List<Object> neutral = unsupported.get(name);
      if (neutral == null) {
        if (!passedOver.contains(name)) {
          ignored.add(path + name);
        }
      } else if (!asksForNothing(field.getValue(), neutral)) {
        throw unsupported(path + name, neutral);
      }
    }
    return ignored;
  }

  private static InvalidRequestException unsupported(String field, List<Object> neutral) {
    String values = neutral.stream().map(value -> " or " + value).collect(Collectors.joining());
    return new InvalidRequestException(
        ErrorCode.UNSUPPORTED_PARAMETER,
        field,
        "'%s' is not supported: expected it to be absent%s".formatted(field, values));
  }

  private static boolean asksForNothing(@Nullable Object value, List<Object> neutral) {
    return value == null || neutral.stream().anyMatch(other -> isSame(value, other));
  }

  private static boolean isSame(Object value, Object other) {
    if (value instanceof Number number && other instanceof Number otherNumber) {
      return number.doubleValue() == otherNumber.doubleValue();
    }
    return value.equals(other);
  }
}
