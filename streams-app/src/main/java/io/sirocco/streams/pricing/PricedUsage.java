package io.sirocco.streams.pricing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageTotals;
import org.jspecify.annotations.Nullable;

/**
 * A usage event and what it cost when it was counted.
 *
 * <p>Immutable.
 *
 * @param event what was used
 * @param cost the exact cost, or null when no price applied
 */
public record PricedUsage(
    @JsonProperty("event") UsageEvent event,
    @JsonProperty("cost") @Nullable Money cost) {

  public PricedUsage {
    requireNonNull(event, "event");
  }

  /** Returns what it adds to the totals of its user. */
  public UsageTotals totals() {
    return cost == null ? UsageTotals.unpriced(event) : UsageTotals.priced(event, cost);
  }
}
