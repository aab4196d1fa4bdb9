package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;

/**
 * What a model's tokens cost from some time on.
 *
 * <p>Model and time of effect are the version of a price: a total can be explained by them.
 *
 * <p>Immutable.
 *
 * @param model the model, by its served name
 * @param promptPerMillion a million prompt tokens that came from no cache
 * @param cachedPromptPerMillion a million prompt tokens that came from a cache
 * @param completionPerMillion a million generated tokens
 * @param currency the ISO 4217 code of the currency, such as {@code USD}
 * @param effectiveFromMillis the first millisecond since the epoch at which it applies; it does until
 *     the next price of the model
 */
public record Price(
    @JsonProperty("model") String model,
    @JsonProperty("prompt_per_million") Decimal promptPerMillion,
    @JsonProperty("cached_prompt_per_million") Decimal cachedPromptPerMillion,
    @JsonProperty("completion_per_million") Decimal completionPerMillion,
    @JsonProperty("currency") String currency,

    @JsonProperty(value = "effective_from_ms", required = true)
    long effectiveFromMillis) {
  /** Prices are per million tokens: ten to the sixth. */
  private static final int PER_MILLION = 6;

  public Price {
    if (requireNonNull(model, "model").isEmpty()) {
      throw new IllegalArgumentException("expected a text as model, found an empty one");
    }
    requireNotNegative("prompt_per_million", promptPerMillion);
    requireNotNegative("cached_prompt_per_million", cachedPromptPerMillion);
    requireNotNegative("completion_per_million", completionPerMillion);
    Money.requireCurrency(requireNonNull(currency, "currency"));
    EpochMillis.require("effective_from_ms", effectiveFromMillis);
  }

  /**
   * Returns the exact cost of some tokens; nothing is rounded.
   *
   * @param promptTokens tokens of the conversation, cached ones included
   * @param cachedTokens how many of them came from a cache, which has a price of its own
   * @param completionTokens tokens generated
   */
  public Money cost(long promptTokens, long cachedTokens, long completionTokens) {
    BigDecimal total = times(promptPerMillion, promptTokens - cachedTokens)
        .add(times(cachedPromptPerMillion, cachedTokens))
        .add(times(completionPerMillion, completionTokens));
    return new Money(currency, new Decimal(total.movePointLeft(PER_MILLION)));
  }

  private static BigDecimal times(Decimal perMillion, long tokens) {
    return perMillion.value().multiply(BigDecimal.valueOf(tokens));
  }

  private static void requireNotNegative(String member, Decimal price) {
    if (requireNonNull(price, member).value().signum() < 0) {
      throw new IllegalArgumentException("expected 0 or more as " + member + ", found " + price);
    }
  }
}
