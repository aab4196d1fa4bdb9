package io.sirocco.streams.latency;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import java.util.Map;

/**
 * How durations spread. A duration is known to within {@value #ACCURACY} of itself, and so is every
 * quantile; the durations of a bucket are counted together.
 *
 * <p>Counts of buckets can be added in any order and from any place, which is why they, and not the
 * sketch, are what is stored: one event adds 1 to one row.
 *
 * <p>Source: C. Masson, J. E. Rim, H. K. Lee, "DDSketch: a fast and fully-mergeable quantile sketch
 * with relative-error guarantees", VLDB 2019.
 *
 * <p>Confined to the thread that made it; {@link #bucketOf} is thread-safe.
 */
public final class LatencySketch {
  /** The greatest relative error of a duration. */
  public static final double ACCURACY = 0.02;

  private static final IndexMapping BUCKETS = new LogarithmicMapping(ACCURACY);

  private final DDSketch sketch = new DDSketch(BUCKETS, UnboundedSizeDenseStore::new);
  private long count;

  /** Returns the sketch of these counts by bucket. */
  public static LatencySketch of(Map<Integer, Long> counts) {
    LatencySketch sketch = new LatencySketch();
    counts.forEach(sketch::add);
    return sketch;
  }

  /** Returns the bucket of a duration; one below a millisecond counts as one of a millisecond. */
  public static int bucketOf(long millis) {
    return BUCKETS.index((double) Math.max(1, millis));
  }

  private void add(int bucket, long more) {
    sketch.accept(BUCKETS.value(bucket), (double) more);
    count += more;
  }

  /** How many durations it holds. */
  public long count() {
    return count;
  }

  /**
   * Returns the duration in milliseconds that {@code quantile} of all are not above.
   *
   * @param quantile from 0 to 1
   * @throws IllegalStateException when it holds none
   */
  public double millisAt(double quantile) {
    if (count == 0) {
      throw new IllegalStateException("expected a sketch of at least one duration, found none");
    }
    return sketch.getValueAtQuantile(quantile);
  }
}
