package io.sirocco.streams.row;

import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.WindowSize;

/**
 * What totals are kept by: the windows of one user and one size are neighbours, in the order of time
 * and model.
 *
 * <p>Immutable and thread-safe.
 */
public final class UsageKeyRow implements Row<UsageKey> {
  @Override
  public void write(UsageKey key, RowWriter row) {
    row.text(key.user());
    row.small(WindowRow.number(key.window()));
    row.sorted(key.startMillis());
    row.last(key.model());
  }

  @Override
  public UsageKey read(RowReader row) {
    String user = row.text();
    WindowSize window = WindowRow.window(row.small());
    return new UsageKey(user, window, row.sorted(), row.last());
  }
}
