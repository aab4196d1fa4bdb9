package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ChiSquareTest {
  @Test
  void agreesWithTables() {
    // The 5 % points with 1 and 2 degrees of freedom are 3.841 and 5.991; the 0.1 % of 3 is 16.266.
    assertThat(ChiSquare.pValue(off(2, 3.841), even(2))).isCloseTo(0.05, within(1e-3));
    assertThat(ChiSquare.pValue(off(3, 5.991), even(3))).isCloseTo(0.05, within(1e-3));
    assertThat(ChiSquare.pValue(off(4, 16.266), even(4))).isCloseTo(0.001, within(5e-5));
    assertThat(ChiSquare.pValue(off(5, 18.467), even(5))).isCloseTo(0.001, within(5e-5));
  }

  @Test
  void aCountWhereNoneMayBeIsImpossible() {
    assertThat(ChiSquare.pValue(new int[] {999, 1}, new double[] {1, 0})).isZero();
  }

  private static double[] even(int cells) {
    double[] probabilities = new double[cells];
    java.util.Arrays.fill(probabilities, 1.0 / cells);
    return probabilities;
  }

  /** Counts of which two are off by the same, so that the statistic is as wanted. */
  private static int[] off(int cells, double statistic) {
    int expected = 10_000_000;
    int[] counts = new int[cells];
    java.util.Arrays.fill(counts, expected);
    int off = (int) Math.round(Math.sqrt(statistic * expected / 2));
    counts[0] += off;
    counts[1] -= off;
    return counts;
  }
}
