package io.sirocco.embedded.load;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * How long it took for one in two, and how long at most for 95 and for 99 of a hundred.
 *
 * <p>Immutable.
 *
 * @param p50 milliseconds
 * @param p95 milliseconds
 * @param p99 milliseconds
 */
public record Quantiles(double p50, double p95, double p99) {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double HUNDREDTHS = 100;

  /** Returns those of {@code nanos}, each a value that occurred; null when there is none. */
  static @Nullable Quantiles of(Collection<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted.length == 0
        ? null
        : new Quantiles(millis(sorted, 50), millis(sorted, 95), millis(sorted, 99));
  }

  private static double millis(long[] sorted, int percent) {
    int rank = Math.max(1, (int) Math.ceil(sorted.length * percent / HUNDREDTHS));
    return Math.rint(sorted[rank - 1] / NANOS_PER_MILLI * HUNDREDTHS) / HUNDREDTHS;
  }
}
