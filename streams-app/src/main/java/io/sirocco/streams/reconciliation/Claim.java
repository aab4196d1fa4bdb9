package io.sirocco.streams.reconciliation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.usage.Receipt;
import io.sirocco.contracts.usage.UsageEvent;

/**
 * What one side says about a request: a bill, or a receipt.
 *
 * <p>Immutable.
 *
 * @param id the same for all copies
 * @param endedMillis when the answer ended, in milliseconds since the epoch
 * @param promptTokens tokens of the conversation
 * @param cachedTokens how many of them came from a cache
 * @param completionTokens tokens generated: billed, or told to the reader
 * @param seenTokens tokens that the reader counted; of a bill as those generated
 */
public record Claim(
    @JsonProperty("id") String id,
    @JsonProperty(value = "ended_ms", required = true) long endedMillis,
    @JsonProperty(value = "prompt_tokens", required = true) int promptTokens,
    @JsonProperty(value = "cached_tokens", required = true) int cachedTokens,

    @JsonProperty(value = "completion_tokens", required = true)
    int completionTokens,

    @JsonProperty(value = "seen_tokens", required = true) int seenTokens) {

  public Claim {
    requireNonNull(id, "id");
  }

  /** Returns what a bill says. */
  public static Claim of(UsageEvent event) {
    return new Claim(
        event.id(),
        event.endedMillis(),
        event.promptTokens(),
        event.cachedTokens(),
        event.completionTokens(),
        event.completionTokens());
  }

  /** Returns what a reader says. */
  public static Claim of(Receipt receipt) {
    return new Claim(
        receipt.id(),
        receipt.endedMillis(),
        receipt.promptTokens(),
        receipt.cachedTokens(),
        receipt.completionTokens(),
        receipt.seenTokens());
  }

  /** Whether both sides say the same. */
  public boolean agreesWith(Claim other) {
    return promptTokens == other.promptTokens
        && cachedTokens == other.cachedTokens
        && completionTokens == other.completionTokens
        && seenTokens == other.seenTokens;
  }

  /** Tokens of the conversation and those generated, as far as a reader saw them. */
  long tokens() {
    return (long) promptTokens + seenTokens;
  }
}
