package io.sirocco.worker.sampling;

/**
 * The exponential function of many numbers that are not above zero.
 *
 * <p>{@code e^x} is the 4096th power of {@code e^(x/4096)}, for which seven terms of the series
 * suffice: multiplications and additions only, which the compiler turns into vector instructions. The
 * relative error is below 1e-11.
 *
 * <p>Thread-safe: without state.
 *
 * <p>Source: Moler, Van Loan 2003, "Nineteen Dubious Ways to Compute the Exponential of a Matrix",
 * method 3 (scaling and squaring).
 */
final class Exponentials {
  /** Its exponential, 1.6e-28, is nothing beside the 1 of a row's likeliest token. */
  private static final double LEAST = -64;

  private static final double SCALE = 1.0 / 4096;

  private Exponentials() {}

  /** Returns {@code x}, or the least number that {@link #replace} takes: it stands for all below. */
  static double clamped(double x) {
    return x < LEAST ? LEAST : x;
  }

  /** Replaces the first {@code count} numbers, which are clamped and at most 0. */
  static void replace(double[] numbers, int count) {
    for (int i = 0; i < count; i++) {
      numbers[i] = root(numbers[i] * SCALE);
    }
  }

  private static double root(double x) {
    double tail = 1 / 6.0 + x * (1 / 24.0 + x * (1 / 120.0 + x * (1 / 720.0)));
    double power = 1 + x * (1 + x * (1 / 2.0 + x * tail));
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    return power;
  }
}
