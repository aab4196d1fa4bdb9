package io.sirocco.streams.pricing;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.UsageEvent;
import org.jspecify.annotations.Nullable;

/**
 * Prices usage at the time it happened. Nothing is rounded.
 *
 * <p>Immutable; as thread-safe as its price book.
 */
public final class CostCalculator {
  private final PriceBook prices;

  /** @param prices what models cost, and from when on */
  public CostCalculator(PriceBook prices) {
    this.prices = requireNonNull(prices, "prices");
  }

  /**
   * Returns the exact cost of an event at the price that applied when it ended, or null when none
   * did: then it is unpriced, and its cost is unknown rather than 0.
   */
  public @Nullable Money cost(UsageEvent event) {
    Price price = prices.effectiveAt(event.model(), event.endedMillis());
    return price == null
        ? null
        : price.cost(event.promptTokens(), event.cachedTokens(), event.completionTokens());
  }

  /** Returns an event with its cost. */
  public PricedUsage price(UsageEvent event) {
    return new PricedUsage(event, cost(event));
  }
}
