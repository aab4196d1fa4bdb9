package io.sirocco.worker.pricing;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import java.math.BigDecimal;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The prices of one model, as far as they are known now.
 *
 * <p>Thread-safe.
 */
public final class ModelPrices {
  private final InstantSource clock;
  private volatile @Nullable PriceList known;

  /**
   * Makes those of a model of which no price is known yet.
   *
   * @param clock says which price applies
   */
  public ModelPrices(InstantSource clock) {
    this.clock = requireNonNull(clock, "clock");
  }

  /** Takes {@code prices} for those of the model from now on; null when none are known. */
  void replace(@Nullable PriceList prices) {
    known = prices;
  }

  /**
   * Returns the exact cost of so many tokens at the price that applies now, in its currency, or null
   * when none is known to.
   *
   * @param promptTokens tokens of the conversation, cached ones included
   * @param cachedTokens how many of them came from a cache
   * @param completionTokens tokens generated
   */
  public @Nullable BigDecimal cost(int promptTokens, int cachedTokens, int completionTokens) {
    PriceList prices = known;
    Price price = prices == null ? null : prices.effectiveAt(clock.millis());
    return price == null
        ? null
        : price.cost(promptTokens, cachedTokens, completionTokens).amount().value();
  }
}
