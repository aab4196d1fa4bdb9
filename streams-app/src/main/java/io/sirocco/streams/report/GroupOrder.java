package io.sirocco.streams.report;

import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageTotals;
import java.math.BigDecimal;
import java.util.Comparator;

/**
 * Which rows of a report come first.
 *
 * <p>Immutable.
 */
public enum GroupOrder {
  /** The earliest window first, then by user and model. */
  TIME,
  /**
   * The dearest first. Amounts of different currencies cannot be compared: those of the currency that
   * comes first in the sum of all are looked at.
   */
  COST,
  /** The one with most tokens first. */
  TOKENS,
  /** The one with most requests first. */
  REQUESTS;

  private static final Comparator<UsageGroup> BY_TIME = Comparator.comparing(
          UsageGroup::startMillis, Comparator.nullsFirst(Comparator.<Long>naturalOrder()))
      .thenComparing(UsageGroup::user, Comparator.nullsFirst(Comparator.<String>naturalOrder()))
      .thenComparing(UsageGroup::model, Comparator.nullsFirst(Comparator.<String>naturalOrder()));

  /** @param total the sum of all groups */
  Comparator<UsageGroup> comparator(UsageTotals total) {
    return switch (this) {
      case TIME -> BY_TIME;
      case COST -> {
        String currency = total.cost().isEmpty() ? "" : total.cost().get(0).currency();
        yield Comparator.comparing((UsageGroup group) -> cost(group, currency))
            .reversed()
            .thenComparing(BY_TIME);
      }
      case TOKENS -> Comparator.comparing(GroupOrder::tokens).reversed().thenComparing(BY_TIME);
      case REQUESTS -> Comparator.comparing(GroupOrder::requests).reversed().thenComparing(BY_TIME);
    };
  }

  private static BigDecimal cost(UsageGroup group, String currency) {
    return group.totals().cost().stream()
        .filter(cost -> cost.currency().equals(currency))
        .findFirst()
        .map(Money::amount)
        .map(amount -> amount.value())
        .orElse(BigDecimal.ZERO);
  }

  private static long tokens(UsageGroup group) {
    return group.totals().promptTokens() + group.totals().completionTokens();
  }

  private static long requests(UsageGroup group) {
    return group.totals().requests();
  }
}
