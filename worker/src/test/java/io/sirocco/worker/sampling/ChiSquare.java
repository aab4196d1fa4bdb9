package io.sirocco.worker.sampling;

/**
 * Pearson's test of counts against probabilities.
 *
 * <p>Source: Press et al. 2007, "Numerical Recipes", sections 6.2 (incomplete gamma function) and
 * 14.3.1.
 */
final class ChiSquare {
  private ChiSquare() {}

  /** Returns how probable counts this far from what was expected are, or farther. */
  static double pValue(int[] counts, double[] probabilities) {
    double total = 0;
    for (int count : counts) {
      total += count;
    }
    double statistic = 0;
    int cells = 0;
    for (int i = 0; i < counts.length; i++) {
      if (probabilities[i] > 0) {
        double expected = probabilities[i] * total;
        statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
        cells++;
      } else if (counts[i] > 0) {
        return 0;
      }
    }
    return cells < 2 ? 1 : upperGamma((cells - 1) / 2.0, statistic / 2);
  }

  /** The regularised upper incomplete gamma function of half a whole number, by its recurrence. */
  private static double upperGamma(double a, double x) {
    boolean whole = a == Math.rint(a);
    double q = whole ? Math.exp(-x) : complementaryError(Math.sqrt(x));
    double term = whole ? Math.exp(-x) : Math.exp(-x) / Math.sqrt(Math.PI * x);
    for (double b = whole ? 1 : 0.5; b < a; b++) {
      term *= x / b;
      q += term;
    }
    return q;
  }

  /** The complementary error function, with a relative error below 1.2e-7. */
  private static double complementaryError(double z) {
    double t = 1 / (1 + 0.5 * z);
    double[] c = {
      -1.26551223,
      1.00002368,
      0.37409196,
      0.09678418,
      -0.18628806,
      0.27886807,
      -1.13520398,
      1.48851587,
      -0.82215223,
      0.17087277
    };
    double sum = 0;
    for (int i = c.length - 1; i >= 0; i--) {
      sum = sum * t + c[i];
    }
    return t * Math.exp(-z * z + sum);
  }
}
