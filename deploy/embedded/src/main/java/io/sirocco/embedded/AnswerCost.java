package io.sirocco.embedded;

import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import io.sirocco.streams.pricing.CostFormat;
import io.sirocco.streams.topic.PriceReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * What an answer costs, by the prices that apply when it has ended.
 *
 * <p>Immutable.
 *
 * @param prices all prices
 * @param clock says which of them apply
 */
record AnswerCost(List<PriceList> prices, InstantSource clock) {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Where no price was ever set. */
  static AnswerCost ofNoPrices() {
    return new AnswerCost(List.of(), InstantSource.system());
  }

  /** Reads the prices of a running system. */
  static AnswerCost ofSystem(Map<String, String> kafka) {
    return new AnswerCost(new PriceReader(kafka).read(PATIENCE), InstantSource.system());
  }

  /** Returns the cost of an answer of {@code model} for a person, never 0 where it is unknown. */
  String of(String model, Usage usage) {
    for (PriceList list : prices) {
      Price price = list.model().equals(model) ? list.effectiveAt(clock.millis()) : null;
      if (price != null) {
        return CostFormat.MILLIONTHS.format(
            price.cost(usage.promptTokens(), usage.cachedTokens(), usage.completionTokens()));
      }
    }
    return CostFormat.UNPRICED;
  }
}
