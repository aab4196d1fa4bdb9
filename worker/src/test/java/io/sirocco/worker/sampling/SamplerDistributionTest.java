package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** 200,000 draws for each of 20 seeds against the exact distribution, found in double precision. */
class SamplerDistributionTest {
  private static final int DRAWS = 200_000;
  private static final int SEEDS = 20;

  /** What a sampler draws: its history is looked through at each draw. */
  private static final int DRAWS_OF_ONE = 5_000;

  /** Passed over by every step, so that a sampler moves on and its row stays what it is. */
  private static final int NO_TOKEN = 99;

  private static final float[] LOGITS = {0.3f, -1.7f, 2.1f, 1.2f, -0.4f, 0.9f, -3.2f, 1.9f};
  private static final int END = 0;
  private static final int[] PROMPT = {2, 1};
  private static final int[] ANSWER = {7, 3, 7};

  /** Parameters, and the same with one step a little off. */
  private record Case(SamplingParametersBuilder right, SamplingParametersBuilder biased) {
    static Case of(
        Function<SamplingParametersBuilder, SamplingParametersBuilder> right,
        Function<SamplingParametersBuilder, SamplingParametersBuilder> biased) {
      return new Case(
          right.apply(SamplingParameters.builder()),
          biased.apply(right.apply(SamplingParameters.builder())));
    }

    @Override
    public String toString() {
      return right.build() + " or " + biased.build();
    }
  }

  static final List<Case> CASES = List.of(
      Case.of(b -> b, b -> b.temperature(1.02)),
      Case.of(b -> b.temperature(0.7), b -> b.temperature(0.68)),
      Case.of(b -> b.topK(5), b -> b.topK(6)),
      Case.of(b -> b.topP(0.9), b -> b.topP(0.75)),
      Case.of(b -> b.minP(0.2), b -> b.minP(0.35)),
      Case.of(b -> b.logitBias(Map.of(4, 1.5f)), b -> b.logitBias(Map.of(4, 1.55f))),
      Case.of(b -> b.repetitionPenalty(1.3), b -> b.repetitionPenalty(1.33)),
      Case.of(b -> b.frequencyPenalty(0.6), b -> b.frequencyPenalty(0.63)),
      Case.of(b -> b.presencePenalty(0.6), b -> b.presencePenalty(0.63)),
      Case.of(b -> b.noRepeatNgramSize(1), b -> b.noRepeatNgramSize(0)),
      Case.of(b -> b.minTokens(2 * DRAWS_OF_ONE), b -> b.minTokens(DRAWS_OF_ONE - 50)),
      Case.of(
          b -> b.temperature(1.4).topK(6).topP(0.9).minP(0.15).presencePenalty(0.4),
          b -> b.topK(4)));

  /** Two rows of draws that must have nothing to do with each other, by the seed. */
  private enum Pair {
    POSITIONS {
      @Override
      int[] other(long seed) {
        int[] draws = draws(OF_PAIRS.seed(seed).build(), 0);
        return IntStream.range(0, DRAWS).map(i -> draws[(i + 1) % DRAWS]).toArray();
      }
    },
    CHOICES {
      @Override
      int[] other(long seed) {
        return draws(OF_PAIRS.seed(seed).build(), 1);
      }
    },
    SEEDS_IN_A_ROW {
      @Override
      int[] other(long seed) {
        return draws(OF_PAIRS.seed(seed + 1).build(), 0);
      }
    };

    abstract int[] other(long seed);
  }

  /** Without the rarest tokens, whose pairs would be too few. */
  private static final SamplingParametersBuilder OF_PAIRS =
      SamplingParameters.builder().topK(5);

  /** Bonferroni's correction of 0.001 for the tests made. */
  private static final double SIGNIFICANT = 0.001 / ((CASES.size() + Pair.values().length) * SEEDS);

  @ParameterizedTest
  @FieldSource("CASES")
  void drawsHaveTheExactDistribution(Case parameters) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      assertThat(ChiSquare.pValue(
              counts(parameters.right().seed(seed).build()),
              exact(parameters.right().build())))
          .as("p-value of seed %d", seed)
          .isGreaterThan(SIGNIFICANT);
    }
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void aPlantedBiasIsNoticed(Case parameters) {
    assertThat(ChiSquare.pValue(
            counts(parameters.biased().seed(1).build()),
            exact(parameters.right().build())))
        .isLessThan(SIGNIFICANT);
  }

  @ParameterizedTest
  @EnumSource
  void neighbouringDrawsAreIndependent(Pair pair) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      int[] draws = draws(OF_PAIRS.seed(seed).build(), 0);
      assertThat(pairValue(draws, pair.other(seed)))
          .as("p-value of seed %d", seed)
          .isGreaterThan(SIGNIFICANT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPlantedCorrelationIsNoticed(Pair pair) {
    int[] draws = draws(OF_PAIRS.seed(1).build(), 0);
    int[] other = pair.other(1);
    for (int i = 0; i < DRAWS; i += 50) {
      other[i] = draws[i];
    }
    assertThat(pairValue(draws, other)).isLessThan(SIGNIFICANT);
  }

  /** The chi-square of pairs against independent tokens; every other pair, so that none overlap. */
  private static double pairValue(int[] draws, int[] other) {
    double[] single = exact(OF_PAIRS.build());
    int[] counts = new int[single.length * single.length];
    double[] probabilities = new double[counts.length];
    for (int i = 0; i < DRAWS; i += 2) {
      counts[draws[i] * single.length + other[i]]++;
    }
    for (int i = 0; i < counts.length; i++) {
      probabilities[i] = single[i / single.length] * single[i % single.length];
    }
    return ChiSquare.pValue(counts, probabilities);
  }

  @Test
  void aBiasedDrawIsNoticed() {
    int[] counts = new int[LOGITS.length];
    for (int position = 0; position < DRAWS; position++) {
      counts[coarseDraw(CounterRandom.key(1, 0, position))]++;
    }

    assertThat(ChiSquare.pValue(counts, exact(SamplingParameters.builder().build())))
        .isLessThan(SIGNIFICANT);
  }

  /** As {@link GumbelDraw}, from numbers of six bits. */
  private static int coarseDraw(long key) {
    double greatest = Double.NEGATIVE_INFINITY;
    int drawn = 0;
    for (int id = 0; id < LOGITS.length; id++) {
      double uniform = (Math.floor(CounterRandom.uniform(key, id) * 64) + 0.5) / 64;
      double sum = LOGITS[id] - Math.log(-Math.log(uniform));
      if (sum > greatest) {
        greatest = sum;
        drawn = id;
      }
    }
    return drawn;
  }

  private static int[] counts(SamplingParameters parameters) {
    int[] counts = new int[LOGITS.length];
    for (int token : draws(parameters, 0)) {
      counts[token]++;
    }
    return counts;
  }

  private static int[] draws(SamplingParameters parameters, int choice) {
    SamplingScratch scratch = new SamplingScratch(LOGITS.length);
    int[] draws = new int[DRAWS];
    for (int first = 0; first < DRAWS; first += DRAWS_OF_ONE) {
      Sampler sampler = new Sampler(parameters, first + choice, PROMPT, Set.of(END));
      Arrays.stream(ANSWER).forEach(sampler::accept);
      for (int i = first; i < first + DRAWS_OF_ONE; i++) {
        SamplingOutcome outcome = sampler.sample(LOGITS, 0, scratch);
        draws[i] = ((SampledToken) outcome).tokenId();
        sampler.accept(NO_TOKEN);
      }
    }
    return draws;
  }

  private static double[] exact(SamplingParameters parameters) {
    double[] logits = new double[LOGITS.length];
    for (int id = 0; id < logits.length; id++) {
      logits[id] = penalised(parameters, id) / parameters.temperature();
    }
    double[] weights = Arrays.stream(logits).map(Math::exp).toArray();
    List<Integer> sorted = IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparing(id -> -weights[id]))
        .toList();
    double likeliest = weights[sorted.get(0)];
    List<Integer> kept = sorted.stream()
        .filter(id -> weights[id] >= parameters.minP() * likeliest)
        .limit(parameters.topK() == 0 ? logits.length : parameters.topK())
        .toList();
    double total = kept.stream().mapToDouble(id -> weights[id]).sum();
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int id : kept) {
      if (sum < parameters.topP() * total) {
        probabilities[id] = weights[id];
        sum += weights[id];
      }
    }
    double nucleus = sum;
    return Arrays.stream(probabilities).map(weight -> weight / nucleus).toArray();
  }

  private static double penalised(SamplingParameters parameters, int id) {
    boolean seen = IntStream.concat(Arrays.stream(PROMPT), Arrays.stream(ANSWER))
        .anyMatch(token -> token == id);
    if ((parameters.noRepeatNgramSize() == 1 && seen)
        || (parameters.minTokens() > 0 && id == END)) {
      return Double.NEGATIVE_INFINITY;
    }
    double logit = LOGITS[id] + parameters.logitBias().getOrDefault(id, 0f);
    long times = Arrays.stream(ANSWER).filter(token -> token == id).count();
    if (seen) {
      double penalty = parameters.repetitionPenalty();
      logit = logit > 0 ? logit / penalty : logit * penalty;
    }
    return logit
        - times * parameters.frequencyPenalty()
        - (times > 0 ? parameters.presencePenalty() : 0);
  }
}
