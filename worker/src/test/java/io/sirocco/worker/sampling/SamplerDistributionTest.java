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
import org.junit.jupiter.params.provider.FieldSource;

/** 200,000 draws for each of 20 seeds against the exact distribution, found in double precision. */
class SamplerDistributionTest {
  private static final int DRAWS = 200_000;
  private static final int SEEDS = 20;

  /** Passed over by every step, so that a sampler moves on and its row stays what it is. */
  private static final int NO_TOKEN = 99;

  private static final float[] LOGITS = {0.3f, -1.7f, 2.1f, 1.2f, -0.4f, 0.9f, -3.2f, 1.9f};
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
      Case.of(
          b -> b.temperature(1.4).topK(6).topP(0.9).minP(0.15).presencePenalty(0.4),
          b -> b.topK(4)));

  /** Bonferroni's correction of 0.001 for the tests made. */
  private static final double SIGNIFICANT = 0.001 / (CASES.size() * SEEDS);

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
    Sampler sampler = new Sampler(parameters, 0, PROMPT, Set.of());
    Arrays.stream(ANSWER).forEach(sampler::accept);
    SamplingScratch scratch = new SamplingScratch(LOGITS.length);
    int[] counts = new int[LOGITS.length];
    for (int i = 0; i < DRAWS; i++) {
      if (sampler.sample(LOGITS, 0, scratch) instanceof SampledToken token) {
        counts[token.tokenId()]++;
      }
      sampler.accept(NO_TOKEN);
    }
    assertThat(Arrays.stream(counts).sum()).isEqualTo(DRAWS);
    return counts;
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
    double logit = LOGITS[id] + parameters.logitBias().getOrDefault(id, 0f);
    long times = Arrays.stream(ANSWER).filter(token -> token == id).count();
    if (times > 0 || Arrays.stream(PROMPT).anyMatch(token -> token == id)) {
      double penalty = parameters.repetitionPenalty();
      logit = logit > 0 ? logit / penalty : logit * penalty;
    }
    return logit
        - times * parameters.frequencyPenalty()
        - (times > 0 ? parameters.presencePenalty() : 0);
  }
}
