package io.sirocco.streams.row;

import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.streams.pricing.PricedUsage;
import java.util.List;

/**
 * A single request with its cost.
 *
 * <p>Immutable and thread-safe.
 */
public final class PricedUsageRow implements Row<PricedUsage> {
  private static final Row<Money> MONEY = new MoneyRow();

  @Override
  public void write(PricedUsage usage, RowWriter row) {
    UsageEvent event = usage.event();
    row.text(event.user());
    row.text(event.model());
    row.text(event.requestId());
    row.text(event.requestTopic());
    row.number(event.requestPartition());
    row.number(event.requestOffset());
    row.number(event.promptTokens());
    row.number(event.cachedTokens());
    row.number(event.completionTokens());
    row.text(event.outcome());
    row.number(event.requestedMillis());
    row.number(event.endedMillis());
    Money cost = usage.cost();
    row.list(cost == null ? List.of() : List.of(cost), MONEY);
  }

  @Override
  public PricedUsage read(RowReader row) {
    UsageEvent event = new UsageEvent(
        row.text(),
        row.text(),
        row.text(),
        row.text(),
        row.count(),
        row.number(),
        row.count(),
        row.count(),
        row.count(),
        row.text(),
        row.number(),
        row.number());
    List<Money> cost = row.list(MONEY);
    return new PricedUsage(event, cost.isEmpty() ? null : cost.get(0));
  }
}
