package io.sirocco.worker.offsets;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far the work on a partition has come: what a commit says, and what the next owner begins with.
 *
 * <p>It names what is <em>not</em> done. Those are no more than are in progress at once, however far
 * ahead others got; and an offset without a record, as compaction and transaction markers leave it,
 * needs no mention. Offsets at the end that are not done say as much as offsets that were not read,
 * and are left out, so that equal progress is equal.
 *
 * <p>Immutable.
 *
 * @param open the offsets below {@code horizon} that are not done; all others there are
 * @param horizon nothing from here on is done
 */
public record Progress(SortedSet<Long> open, long horizon) {

  public Progress {
    if (horizon < 0 || (!open.isEmpty() && (open.first() < 0 || open.last() >= horizon))) {
      throw new IllegalArgumentException(
          "expected offsets from 0 to below %d, found %s".formatted(horizon, open));
    }
    TreeSet<Long> notDone = new TreeSet<>(open);
    while (!notDone.isEmpty() && notDone.last() == horizon - 1) {
      notDone.pollLast();
      horizon--;
    }
    open = Collections.unmodifiableSortedSet(notDone);
  }

  /** Returns the progress that is everything below {@code offset}, and nothing else. */
  public static Progress at(long offset) {
    return new Progress(Collections.emptySortedSet(), offset);
  }

  /** The lowest offset that is not done: the offset to be committed. */
  public long watermark() {
    return open.isEmpty() ? horizon : open.first();
  }

  /** Whether the record at {@code offset}, if there is one, is done. */
  public boolean isDone(long offset) {
    return offset < horizon && !open.contains(offset);
  }
}
