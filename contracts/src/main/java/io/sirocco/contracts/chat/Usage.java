package io.sirocco.contracts.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What an answer used, in tokens.
 *
 * <p>Immutable.
 *
 * @param promptTokens tokens of the rendered conversation
 * @param completionTokens tokens generated for all choices, end-of-sequence tokens included
 * @param totalTokens the sum of both
 * @param promptTokensDetails more about the prompt's tokens, or null when nothing is known
 * @param estimatedCost what they cost at the price that applied when the answer ended, in the price's
 *     currency, as hosted endpoints estimate it; null where no price is known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Usage(
    @JsonProperty("prompt_tokens") int promptTokens,
    @JsonProperty("completion_tokens") int completionTokens,
    @JsonProperty("total_tokens") int totalTokens,
    @JsonProperty("prompt_tokens_details") @Nullable PromptTokensDetails promptTokensDetails,
    @JsonProperty("estimated_cost") @Nullable BigDecimal estimatedCost) {

  /**
   * More about the tokens of a prompt.
   *
   * <p>Immutable.
   *
   * @param cachedTokens how many of them were not computed, as they were in a cache
   */
  public record PromptTokensDetails(
      @JsonProperty("cached_tokens") int cachedTokens) {}

  public Usage {
    int cached = promptTokensDetails == null ? 0 : promptTokensDetails.cachedTokens();
    if (completionTokens < 0 || cached < 0 || cached > promptTokens) {
      throw new IllegalArgumentException(
          "expected counts of 0 or more, and no more cached tokens than the prompt has, found %d of"
                  .formatted(cached)
              + " %d and %d".formatted(promptTokens, completionTokens));
    }
  }

  /** Returns the usage of that many tokens, of which nothing more is known. */
  public static Usage of(int promptTokens, int completionTokens) {
    return new Usage(promptTokens, completionTokens, promptTokens + completionTokens, null, null);
  }

  /** Returns the usage of that many tokens, {@code cachedTokens} of the prompt's from a cache. */
  public static Usage of(int promptTokens, int cachedTokens, int completionTokens) {
    return new Usage(
        promptTokens,
        completionTokens,
        promptTokens + completionTokens,
        new PromptTokensDetails(cachedTokens),
        null);
  }

  /** Returns this usage with what it costs, or without when that is not known. */
  public Usage costing(@Nullable BigDecimal cost) {
    return new Usage(promptTokens, completionTokens, totalTokens, promptTokensDetails, cost);
  }

  /** How many of the prompt's tokens came from a cache, as far as is known. */
  public int cachedTokens() {
    return promptTokensDetails == null ? 0 : promptTokensDetails.cachedTokens();
  }
}
