package io.sirocco.streams.row;

import io.sirocco.streams.reconciliation.HourCounts;

/**
 * How the bills of an hour stand.
 *
 * <p>Immutable and thread-safe.
 */
public final class HourCountsRow implements Row<HourCounts> {
  @Override
  public void write(HourCounts counts, RowWriter row) {
    row.number(counts.startMillis());
    row.number(counts.matched());
    row.number(counts.differing());
    row.number(counts.withoutReceipt());
    row.number(counts.withoutBill());
    row.number(counts.billedTokens());
    row.number(counts.seenTokens());
  }

  @Override
  public HourCounts read(RowReader row) {
    return new HourCounts(
        row.number(),
        row.number(),
        row.number(),
        row.number(),
        row.number(),
        row.number(),
        row.number());
  }
}
