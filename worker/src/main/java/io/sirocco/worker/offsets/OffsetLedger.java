package io.sirocco.worker.offsets;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which records of one partition are done, and so what may be committed.
 *
 * <p>Records are opened in the order of their offsets and completed in any order. Everything below the
 * lowest open offset is done; that offset is the watermark:
 *
 * <pre>
 *   offsets:  0 1 2 3 4 5 6 | 7
 *             d d o d o d d | not read yet     d = done, o = open, watermark = 2
 * </pre>
 *
 * <p>A ledger begins with the {@link Progress} of an earlier owner, and tells which of the records that
 * are read again are done. Offsets may have gaps, as compaction and transaction markers leave them.
 *
 * <p>A ledger belongs to one assignment of the partition and {@linkplain #end ends} with it, so that a
 * late completion changes nothing.
 *
 * <p>Confined to the intake thread.
 */
public final class OffsetLedger {
  /** What was read and is not done, and what the earlier owner left open and was not read again. */
  private final TreeSet<Long> open;

  private final long horizon;
  private final int metadataChars;
  private long next;
  private boolean ended;

  /** Begins at {@code next}, the offset of the next record to be read, with nothing done above. */
  public OffsetLedger(long next) {
    this(Progress.at(next), CommitMetadata.BROKER_DEFAULT_CHARS);
  }

  /**
   * Goes on from {@code progress}; reading begins at its watermark.
   *
   * @param metadataChars the most characters that the broker keeps beside an offset
   */
  public OffsetLedger(Progress progress, int metadataChars) {
    this.open = new TreeSet<>(progress.open());
    this.horizon = progress.horizon();
    this.metadataChars = metadataChars;
    this.next = progress.watermark();
  }

  /**
   * Whether {@code offset}, the next to be opened, can be opened with the certainty that the progress
   * can be committed whole from then on. If not, it can be as soon as some that are open are done.
   */
  public boolean hasRoomFor(long offset) {
    SortedSet<Long> stillOpen = open.headSet(next); // The others would be gone, see skipTo.
    return offset < horizon
        || stillOpen.isEmpty()
        || CommitMetadata.mostCharsFor(stillOpen.size() + 1L, offset + 1 - stillOpen.first())
            <= metadataChars;
  }

  /**
   * Notes that the record at {@code offset} was read.
   *
   * @return whether it is to be done; if not, an earlier owner did it
   * @throws IllegalArgumentException when it was read before, or a later one was
   */
  public boolean open(long offset) {
    if (offset < next) {
      throw new IllegalArgumentException(
          "expected an offset of %d or more, found %d".formatted(next, offset));
    }
    skipTo(offset);
    next = offset + 1;
    return offset < horizon ? open.contains(offset) : open.add(offset);
  }

  /** Notes that there are no records between those read and {@code offset}. */
  public void skipTo(long offset) {
    if (offset > next) {
      open.subSet(next, offset).clear(); // What an earlier owner left open there is gone.
      next = offset;
    }
  }

  /**
   * Notes that the record at {@code offset} is done.
   *
   * @return whether that was news; it is not when it was done before, or the assignment has ended
   */
  public boolean complete(long offset) {
    return !ended && offset < next && open.remove(offset);
  }

  /** Ends the assignment: whatever is completed from now on is somebody else's to do. */
  public void end() {
    ended = true;
  }

  /** Whether the assignment has ended; then nothing may be committed. */
  public boolean isEnded() {
    return ended;
  }

  /** The lowest offset that is not done: what may be committed. */
  public long watermark() {
    return open.isEmpty() ? reach() : open.first();
  }

  /** How many records below {@link #reach} are not done. */
  public int openCount() {
    return open.size();
  }

  /** Nothing from here on is done or was read. */
  public long reach() {
    return Math.max(next, horizon);
  }

  /** All that is done so far. */
  public Progress progress() {
    return new Progress(open, reach());
  }
}
