package io.sirocco.streams.row;

import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.latency.LatencyKey;

/**
 * What answers are counted by.
 *
 * <p>Immutable and thread-safe.
 */
public final class LatencyKeyRow implements Row<LatencyKey> {
  @Override
  public void write(LatencyKey key, RowWriter row) {
    row.text(key.model());
    row.small(WindowRow.number(key.window()));
    row.sorted(key.startMillis());
    row.number(key.bucket());
  }

  @Override
  public LatencyKey read(RowReader row) {
    String model = row.text();
    WindowSize window = WindowRow.window(row.small());
    return new LatencyKey(model, window, row.sorted(), row.count());
  }
}
