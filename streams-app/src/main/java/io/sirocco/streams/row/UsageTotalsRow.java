package io.sirocco.streams.row;

import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageTotals;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Totals.
 *
 * <p>Immutable and thread-safe.
 */
public final class UsageTotalsRow implements Row<UsageTotals> {
  private static final Row<Money> MONEY = new MoneyRow();

  @Override
  public void write(UsageTotals totals, RowWriter row) {
    row.number(totals.requests());
    row.number(totals.failures());
    row.number(totals.promptTokens());
    row.number(totals.cachedTokens());
    row.number(totals.completionTokens());
    row.number(totals.unpricedRequests());
    row.number(totals.unpricedTokens());
    row.list(totals.cost(), MONEY);
    row.number(totals.failuresByReason().size());
    totals.failuresByReason().forEach((reason, count) -> {
      row.text(reason);
      row.number(count);
    });
    row.number(totals.corrections());
  }

  @Override
  public UsageTotals read(RowReader row) {
    long requests = row.number();
    long failures = row.number();
    long prompt = row.number();
    long cached = row.number();
    long completion = row.number();
    long unpricedRequests = row.number();
    long unpricedTokens = row.number();
    List<Money> cost = row.list(MONEY);
    Map<String, Long> reasons = reasons(row);
    return new UsageTotals(
        requests,
        failures,
        prompt,
        cached,
        completion,
        unpricedRequests,
        unpricedTokens,
        cost,
        reasons,
        row.number());
  }

  private static Map<String, Long> reasons(RowReader row) {
    int size = row.count();
    if (size == 0) {
      return Map.of();
    }
    Map<String, Long> reasons = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      reasons.put(row.text(), row.number());
    }
    return reasons;
  }
}
