package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One test for each arrow of {@link Sampler}'s order: it fails when the two neighbours are swapped. */
class SamplingOrderTest {
  private static final int[] NO_PROMPT = {};

  @Test
  void logProbabilitiesComeBeforeBias() {
    SamplingParameters parameters =
        greedy().logitBias(Map.of(0, 5f)).logProbabilities(true).build();

    SampledToken token = sampled(new Sampler(parameters, 0, NO_PROMPT, Set.of()), 0, 0);

    assertThat(token.tokenId()).isZero();
    assertThat(token.logProbabilities())
        .isNotNull()
        .satisfies(found ->
            assertThat(found.chosen()).isBetween(Math.log(0.5) - 1e-9, Math.log(0.5) + 1e-9));
  }

  @Test
  void biasComesBeforeRepetitionPenalty() {
    Sampler sampler = new Sampler(
        greedy().logitBias(Map.of(0, 2f)).repetitionPenalty(2).build(), 0, new int[] {0}, Set.of());

    // (-1 + 2) / 2 = 0.5 wins; -1 * 2 + 2 = 0 would not.
    assertThat(chosen(sampler, -1, 0.25f)).isZero();
  }

  @Test
  void repetitionPenaltyComesBeforeFrequencyPenalty() {
    Sampler sampler =
        after(greedy().repetitionPenalty(2).frequencyPenalty(1).build(), NO_PROMPT, 0);

    // 4 / 2 - 1 = 1 loses; (4 - 1) / 2 = 1.5 would not.
    assertThat(chosen(sampler, 4, 1.25f)).isEqualTo(1);
  }

  @Test
  void frequencyPenaltyComesBeforePresencePenalty() {
    Sampler sampler =
        after(greedy().frequencyPenalty(1).presencePenalty(0.5).build(), NO_PROMPT, 0);

    // In float32: 2^24 - 1 - 0.5 is rounded to 2^24 - 2, but 2^24 - 0.5 - 1 to 2^24 - 1.
    assertThat(chosen(sampler, 0x1p24f, 0x1p24f - 1)).isEqualTo(1);
  }

  @Test
  void presencePenaltyComesBeforeNgrams() {
    Sampler sampler =
        after(greedy().presencePenalty(1).noRepeatNgramSize(1).build(), new int[] {1}, 0);

    // All is banned, so the n-grams, which are later, yield, and the penalty does not.
    assertThat(chosen(sampler, 1, 0.5f)).isEqualTo(1);
  }

  @Test
  void ngramsComeBeforeMinimumLength() {
    Sampler sampler = new Sampler(
        greedy().noRepeatNgramSize(1).minTokens(1).build(), 0, new int[] {0}, Set.of(1));

    // All is banned, so the length, which is later, yields, and the n-grams do not.
    assertThat(chosen(sampler, 1, 0.5f)).isEqualTo(1);
  }

  @Test
  void minimumLengthComesBeforeGreedyChoice() {
    Sampler sampler = new Sampler(greedy().minTokens(1).build(), 0, NO_PROMPT, Set.of(0));

    assertThat(chosen(sampler, 1, 0.5f)).isEqualTo(1);
  }

  @Test
  void greedyChoiceComesBeforeTemperature() {
    // 0 divided by 0 would be no number.
    assertThat(chosen(new Sampler(SamplingParameters.GREEDY, 0, NO_PROMPT, Set.of()), 0, 1))
        .isEqualTo(1);
  }

  @Test
  void temperatureComesBeforeMinP() {
    // A share of 2/3, and of its root, 0.82, at temperature 2.
    assertThat(drawn(SamplingParameters.builder().temperature(2).minP(0.7), 0.6, 0.4))
        .containsExactly(0, 1);
  }

  @Test
  void minPAndTopKCommute() {
    // Both keep so many of the sorted tokens, and neither's number depends on the other's.
    float[] row = logs(0.4, 0.3, 0.2, 0.1);
    for (Truncation minP : new Truncation[] {new MinP(0.2), new MinP(0.6), new MinP(0.9)}) {
      for (Truncation topK : new Truncation[] {new TopK(1), new TopK(2), new TopK(4)}) {
        assertThat(kept(row, minP, topK)).isEqualTo(kept(row, topK, minP));
      }
    }
  }

  @Test
  void minPComesBeforeTopP() {
    // Of 0.4 and 0.3 the first has 0.57; of all it has 0.4.
    assertThat(drawn(SamplingParameters.builder().minP(0.7).topP(0.5), 0.4, 0.3, 0.2, 0.1))
        .containsExactly(0);
  }

  @Test
  void topKComesBeforeTopP() {
    assertThat(drawn(SamplingParameters.builder().topK(2).topP(0.5), 0.4, 0.3, 0.2, 0.1))
        .containsExactly(0);
  }

  @Test
  void topPComesBeforeTheDraw() {
    assertThat(drawn(SamplingParameters.builder().topP(0.65), 0.4, 0.3, 0.2, 0.1))
        .containsExactly(0, 1);
  }

  private static SamplingParametersBuilder greedy() {
    return SamplingParameters.builder().temperature(0);
  }

  private static Sampler after(SamplingParameters parameters, int[] prompt, int... answer) {
    Sampler sampler = new Sampler(parameters, 0, prompt, Set.of());
    Arrays.stream(answer).forEach(sampler::accept);
    return sampler;
  }

  private static int chosen(Sampler sampler, float... logits) {
    return sampled(sampler, logits).tokenId();
  }

  private static SampledToken sampled(Sampler sampler, float... logits) {
    SamplingOutcome outcome = sampler.sample(logits, 0, new SamplingScratch(logits.length));
    assertThat(outcome).isInstanceOf(SampledToken.class);
    return (SampledToken) outcome;
  }

  private static Set<Integer> drawn(SamplingParametersBuilder builder, double... probabilities) {
    Sampler sampler = new Sampler(builder.build(), 0, NO_PROMPT, Set.of());
    Set<Integer> drawn = new TreeSet<>();
    for (int position = 0; position < 1000; position++) {
      int tokenId = chosen(sampler, logs(probabilities));
      drawn.add(tokenId);
      sampler.accept(tokenId);
    }
    return drawn;
  }

  private static Set<Integer> kept(float[] logits, Truncation first, Truncation second) {
    LogitsRow row = new LogitsRow(logits.length);
    row.view(logits, 0);
    row.findMaxima();
    Candidates candidates = new Candidates(logits.length);
    first.select(row, candidates);
    second.apply(candidates);
    Set<Integer> kept = new TreeSet<>();
    for (int i = 0; i < candidates.size(); i++) {
      kept.add(candidates.tokenId(i));
    }
    return kept;
  }

  private static float[] logs(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }
}
