package io.sirocco.worker.offsets;

import java.util.TreeSet;

/**
 * Which records of one partition are done, and so up to where its offsets may be committed.
 *
 * <p>Records are opened in the order of their offsets and completed in any order. Everything below the
 * lowest open offset is done; that offset is the watermark:
 *
 * <pre>
 *   offsets:  0 1 2 3 4 5 6 | 7
 *             d d o d o d d | not read yet     d = done, o = open, watermark = 2
 * </pre>
 *
 * <p>Offsets may have gaps, as compaction and transaction markers leave them. A ledger belongs to one
 * assignment of the partition and is thrown away with it, so a late completion from an earlier
 * assignment cannot reach it.
 *
 * <p>Confined to the intake thread.
 */
public final class OffsetLedger {
  private final TreeSet<Long> open = new TreeSet<>();
  private long next;

  /** Begins at {@code next}, the offset of the next record to be read. */
  public OffsetLedger(long next) {
    this.next = next;
  }

  /**
   * Notes that the record at {@code offset} was read and is to be done.
   *
   * @throws IllegalArgumentException when it was opened before, or a later one was
   */
  public void open(long offset) {
    if (offset < next) {
      throw new IllegalArgumentException(
          "expected an offset of %d or more, found %d".formatted(next, offset));
    }
    open.add(offset);
    next = offset + 1;
  }

  /** Notes that the record at {@code offset} is done; a second time changes nothing. */
  public void complete(long offset) {
    open.remove(offset);
  }

  /** The lowest offset that is not done: what may be committed. */
  public long watermark() {
    return open.isEmpty() ? next : open.first();
  }
}
