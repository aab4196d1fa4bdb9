package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final float[] LOGITS = {
    (float) Math.log(0.1), (float) Math.log(0.4), (float) Math.log(0.2), (float) Math.log(0.3)
  };

  @Test
  void greedyTakesTheLikeliestAndOfEqualsTheSmallerId() {
    Sampler sampler = new Sampler(SamplingParameters.GREEDY, 0);

    assertThat(sampler.sample(new float[] {1, 5, 5, 2}, 0, 0, new Candidates(4)))
        .isEqualTo(1);
  }

  @Test
  void readsOnlyItsOwnRow() {
    float[] rows = {9, 9, 0, 1, 9, 9};

    assertThat(sampler(0, 0, 1, 0).sample(rows, 2, 0, new Candidates(2))).isEqualTo(1);
  }

  @Test
  void equalPlacesDrawEqualTokensWhateverWasDrawnBefore() {
    Sampler sampler = sampler(1, 0, 1, 0);
    Candidates scratch = new Candidates(4);
    int[] first = new int[200];
    for (int position = 0; position < first.length; position++) {
      first[position] = sampler.sample(LOGITS, 0, position, scratch);
    }

    for (int position = first.length - 1; position >= 0; position--) {
      assertThat(sampler(1, 0, 1, 0).sample(LOGITS, 0, position, new Candidates(4)))
          .isEqualTo(first[position]);
    }
  }

  @Test
  void drawsWithTheProbabilitiesOfTheRow() {
    assertDistribution(sampler(1, 0, 1, 0), 0.1, 0.4, 0.2, 0.3);
  }

  @Test
  void temperatureSharpensTheDistribution() {
    // Squared and scaled to one: 0.01, 0.16, 0.04, 0.09 of 0.30.
    assertDistribution(sampler(0.5, 0, 1, 0), 1 / 30.0, 16 / 30.0, 4 / 30.0, 9 / 30.0);
  }

  @Test
  void truncationsCombineInTheirOrder() {
    // Min-p 0.3 drops token 0; top-k 2 leaves 1 and 3; top-p 0.5 of those two leaves 1.
    assertDistribution(sampler(1, 2, 0.5, 0.3), 0, 1, 0, 0);
    assertDistribution(sampler(1, 2, 0.6, 0.3), 0, 4 / 7.0, 0, 3 / 7.0);
  }

  @Test
  void choicesOfOneRequestDrawIndependently() {
    Candidates scratch = new Candidates(4);
    SamplingParameters parameters = new SamplingParameters(1, 0, 1, 0, 42);
    int equal = 0;
    for (int position = 0; position < 10_000; position++) {
      int one = new Sampler(parameters, 0).sample(LOGITS, 0, position, scratch);
      int other = new Sampler(parameters, 1).sample(LOGITS, 0, position, scratch);
      equal += one == other ? 1 : 0;
    }

    // Independent draws agree with probability 0.01 + 0.16 + 0.04 + 0.09.
    assertThat(equal / 10_000.0).isBetween(0.28, 0.32);
  }

  @Test
  void aBiasedDrawWouldBeNoticed() {
    double[] wrong = {0.1, 0.41, 0.2, 0.29};

    assertThat(chiSquare(counts(sampler(1, 0, 1, 0)), wrong)).isGreaterThan(CRITICAL);
  }

  /** The 0.1 % point of the chi-square distribution with 3 degrees of freedom. */
  private static final double CRITICAL = 16.27;

  private static final int DRAWS = 200_000;

  private static void assertDistribution(Sampler sampler, double... expected) {
    assertThat(chiSquare(counts(sampler), expected)).isLessThan(CRITICAL);
  }

  private static int[] counts(Sampler sampler) {
    int[] counts = new int[LOGITS.length];
    Candidates scratch = new Candidates(LOGITS.length);
    for (int position = 0; position < DRAWS; position++) {
      counts[sampler.sample(LOGITS, 0, position, scratch)]++;
    }
    return counts;
  }

  private static double chiSquare(int[] counts, double[] expected) {
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      if (expected[i] == 0) {
        sum += counts[i] == 0 ? 0 : Double.POSITIVE_INFINITY;
      } else {
        double wanted = expected[i] * DRAWS;
        sum += (counts[i] - wanted) * (counts[i] - wanted) / wanted;
      }
    }
    return sum;
  }

  @Test
  void aLargeVocabularyIsTruncatedAsSortingEverythingWould() {
    Random random = new Random(3);
    float[] logits = new float[5000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian() * 4;
    }
    Candidates fast = new Candidates(logits.length);
    fast.fill(logits, 0, 1);

    new TopP(0.9).apply(fast);

    assertThat(fast.size()).isEqualTo(nucleusSize(logits, 0.9));
  }

  private static int nucleusSize(float[] logits, double mass) {
    double[] weights = new double[logits.length];
    Arrays.setAll(weights, i -> -Math.exp(logits[i]));
    Arrays.sort(weights);
    double total = -Arrays.stream(weights).sum();
    double sum = 0;
    int size = 0;
    while (sum < mass * total) {
      sum -= weights[size++];
    }
    return size;
  }

  private static Sampler sampler(double temperature, int topK, double topP, double minP) {
    return new Sampler(new SamplingParameters(temperature, topK, topP, minP, 20261121), 0);
  }
}
