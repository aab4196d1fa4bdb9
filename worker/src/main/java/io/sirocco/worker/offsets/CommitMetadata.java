package io.sirocco.worker.offsets;

import java.util.Optional;
import java.util.TreeSet;

/**
 * The text beside a committed offset, which says what is done above it: lengths of runs, by turns not
 * done and done, from the committed offset on.
 *
 * <pre>
 *   offsets:  40 41 42 43 44 45 46 | 47
 *             o  d  d  o  o  d  o  | not read yet     d = done, o = open
 *   commit:   40, sirocco1:1.2.2.1
 * </pre>
 *
 * <p>Nothing is written when nothing above the watermark is done. A text of another version, or of
 * somebody else, is told from ours; whoever meets one knows no more than the offset.
 *
 * <p>Immutable.
 */
public final class CommitMetadata {
  /** The most characters that a broker keeps, unless its {@code offset.metadata.max.bytes} differs. */
  public static final int BROKER_DEFAULT_CHARS = 4096;

  private static final String VERSION = "sirocco1:";

  /** No worker has that many requests of a partition at once; a broken text must not fill memory. */
  private static final long MOST_OPEN = 100_000;

  private CommitMetadata() {}

  /**
   * Returns the text that goes with a commit of {@code progress.watermark()}, at most {@code mostChars}
   * long: done offsets that do not fit are left out, the highest first, and will be done again.
   */
  public static String write(Progress progress, int mostChars) {
    StringBuilder text = new StringBuilder();
    long openRun = 0;
    long at = progress.watermark();
    for (long open : progress.open()) {
      if (open > at) {
        if (!append(text, openRun, open - at, mostChars)) {
          return text.toString();
        }
        openRun = 0;
      }
      openRun++;
      at = open + 1;
    }
    if (openRun > 0) {
      append(text, openRun, progress.horizon() - at, mostChars);
    }
    return text.toString();
  }

  private static boolean append(StringBuilder text, long openRun, long doneRun, int mostChars) {
    String pair = (text.isEmpty() ? VERSION : ".") + openRun + "." + doneRun;
    boolean fits = text.length() + pair.length() <= mostChars;
    if (fits) {
      text.append(pair);
    }
    return fits;
  }

  /**
   * Returns an upper bound of what {@link #write} needs for that many open offsets in a span of that
   * many offsets. It does not grow when one of them is completed.
   */
  static long mostCharsFor(long open, long span) {
    return VERSION.length() + open * (3 + Long.toString(span).length());
  }

  /**
   * Returns what a committed offset and its text say, or nothing when the text is not of this version:
   * then {@link Progress#at} of the offset is all that is known.
   */
  public static Optional<Progress> read(long offset, String metadata) {
    if (metadata.isEmpty()) {
      return Optional.of(Progress.at(offset));
    }
    if (!metadata.startsWith(VERSION)) {
      return Optional.empty();
    }
    try {
      Progress progress = parse(offset, metadata.substring(VERSION.length()).split("\\.", -1));
      // What we would not have written, such as a run of none, was not written by us.
      return write(progress, Integer.MAX_VALUE).equals(metadata)
          ? Optional.of(progress)
          : Optional.empty();
    } catch (NumberFormatException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Progress parse(long offset, String[] runs) {
    TreeSet<Long> open = new TreeSet<>();
    long at = offset;
    for (int run = 0; run < runs.length; run++) {
      long end = Math.addExact(at, positive(runs[run]));
      if (run % 2 == 0) {
        if (open.size() + (end - at) > MOST_OPEN) {
          throw new ArithmeticException("expected fewer open offsets");
        }
        for (; at < end; at++) {
          open.add(at);
        }
      }
      at = end;
    }
    return new Progress(open, at);
  }

  private static long positive(String run) {
    long length = Long.parseLong(run);
    if (length < 1) {
      throw new NumberFormatException("expected 1 or more, found " + run);
    }
    return length;
  }
}
