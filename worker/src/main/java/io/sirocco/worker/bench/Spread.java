package io.sirocco.worker.bench;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * What repeated measurements of one thing gave.
 *
 * <p>Immutable.
 *
 * @param min the least
 * @param median the middle one; of an even number, the greater of the two
 * @param max the greatest
 */
public record Spread(double min, double median, double max) {

  /**
   * Sums measurements up.
   *
   * @param measured at least one
   */
  public static Spread of(double... measured) {
    if (measured.length == 0) {
      throw new IllegalArgumentException("expected at least one measurement, found none");
    }
    double[] sorted = measured.clone();
    Arrays.sort(sorted);
    return new Spread(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }

  /** Returns what {@code function}, which must not decrease, makes of each of the three. */
  public Spread map(DoubleUnaryOperator function) {
    return new Spread(
        function.applyAsDouble(min), function.applyAsDouble(median), function.applyAsDouble(max));
  }
}
