package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;

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

  private static void requireNotNegative(String member, Decimal price) {
    if (requireNonNull(price, member).value().signum() < 0) {
      throw new IllegalArgumentException("expected 0 or more as " + member + ", found " + price);
    }
  }
}
