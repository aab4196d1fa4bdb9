package io.sirocco.streams.row;

import io.sirocco.streams.reconciliation.ClaimKey;

/**
 * What both sides know a request by.
 *
 * <p>Immutable and thread-safe.
 */
public final class ClaimKeyRow implements Row<ClaimKey> {
  @Override
  public void write(ClaimKey key, RowWriter row) {
    row.text(key.user());
    row.last(key.requestId());
  }

  @Override
  public ClaimKey read(RowReader row) {
    return new ClaimKey(row.text(), row.last());
  }
}
