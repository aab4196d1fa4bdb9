package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
  private static final float[] LOGITS = {
    (float) Math.log(0.1), (float) Math.log(0.4), (float) Math.log(0.2), (float) Math.log(0.3)
  };

  private final SamplingScratch scratch = new SamplingScratch(4);

  @Test
  void greedyTakesTheLikeliestAndOfEqualsTheSmallerId() {
    assertThat(sampler(0, SamplingParameters.builder().temperature(0))
            .sample(new float[] {1, 5, 5, 2}, 0, scratch))
        .isEqualTo(new SampledToken(1, null));
  }

  @Test
  void readsOnlyItsOwnRowAndChangesNone() {
    float[] rows = {9, 9, 0, 1, 3, 2, 9, 9};

    SamplingOutcome outcome = sampler(
            0, SamplingParameters.builder().temperature(1e-4).repetitionPenalty(5))
        .sample(rows, 2, scratch);

    assertThat(outcome).isEqualTo(new SampledToken(2, null));
    assertThat(rows).containsExactly(9, 9, 0, 1, 3, 2, 9, 9);
  }

  @Test
  void choosesTheSameUntilATokenIsAccepted() {
    Sampler sampler = sampler(0, SamplingParameters.builder());
    int changed = 0;
    for (int i = 0; i < 100; i++) {
      SamplingOutcome first = sampler.sample(LOGITS, 0, scratch);
      assertThat(sampler.sample(LOGITS, 0, scratch)).isEqualTo(first);
      sampler.accept(0);
      changed += sampler.sample(LOGITS, 0, scratch).equals(first) ? 0 : 1;
    }

    // Independent draws differ with probability 0.7.
    assertThat(changed).isBetween(50, 90);
  }

  @Test
  void choicesOfOneRequestDrawIndependently() {
    Sampler one = sampler(0, SamplingParameters.builder().seed(42));
    Sampler other = sampler(1, SamplingParameters.builder().seed(42));
    int equal = 0;
    for (int position = 0; position < 10_000; position++) {
      equal += one.sample(LOGITS, 0, scratch).equals(other.sample(LOGITS, 0, scratch)) ? 1 : 0;
      one.accept(0);
      other.accept(0);
    }

    // Independent draws agree with probability 0.01 + 0.16 + 0.04 + 0.09.
    assertThat(equal / 10_000.0).isBetween(0.28, 0.32);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void aRowWithSomethingThatIsNoNumberIsUnusable(double temperature) {
    SamplingParametersBuilder builder = SamplingParameters.builder().temperature(temperature);
    float nan = Float.NaN;
    float infinity = Float.POSITIVE_INFINITY;

    assertThat(sampler(0, builder).sample(new float[] {1, nan, 9, 0}, 0, scratch))
        .isEqualTo(new UnusableLogits(nan));
    assertThat(sampler(0, builder).sample(new float[] {1, infinity, 9, 0}, 0, scratch))
        .isEqualTo(new UnusableLogits(infinity));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void aRowWithoutAPossibleTokenIsUnusable(double temperature) {
    float none = Float.NEGATIVE_INFINITY;

    assertThat(sampler(0, SamplingParameters.builder().temperature(temperature))
            .sample(new float[] {none, none, none, none}, 0, scratch))
        .isEqualTo(new UnusableLogits(none));
  }

  @Test
  void logProbabilitiesAreOfTheRawRowTheLikeliestFirst() {
    SamplingParametersBuilder builder = SamplingParameters.builder()
        .temperature(0.3)
        .topK(1)
        .repetitionPenalty(3)
        .logProbabilities(true)
        .topLogProbabilities(3);

    SampledToken token = (SampledToken) sampler(0, builder).sample(LOGITS, 0, scratch);

    assertThat(token.tokenId()).isEqualTo(1);
    LogProbabilities found = Objects.requireNonNull(token.logProbabilities());
    assertThat(found.chosen()).isCloseTo(Math.log(0.4), within(1e-6));
    assertThat(found.top()).extracting(LogProbabilities.Entry::tokenId).containsExactly(1, 3, 2);
    assertThat(found.top().get(2).logProbability()).isCloseTo(Math.log(0.2), within(1e-6));
  }

  @Test
  void logProbabilitiesOfTheChosenTokenNeedNoOthers() {
    SamplingParametersBuilder builder =
        SamplingParameters.builder().temperature(0).logProbabilities(true);

    SampledToken token = (SampledToken) sampler(0, builder).sample(LOGITS, 0, scratch);

    assertThat(token.logProbabilities()).isNotNull().satisfies(found -> {
      assertThat(found.chosen()).isCloseTo(Math.log(0.4), within(1e-6));
      assertThat(found.top()).isEqualTo(List.of());
    });
  }

  /** The logits alone are 128 kB; an outcome, and what is made on the way to it, are less than 1 kB. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.8})
  void aRowAllocatesNothingThatGrowsWithTheVocabulary(double temperature) {
    float[] logits = new float[32_000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = i * 31 % 1009 / 100f;
    }
    SamplingScratch large = new SamplingScratch(logits.length);
    Sampler sampler = sampler(
        0,
        SamplingParameters.builder()
            .temperature(temperature)
            .topP(0.95)
            .topK(50)
            .repetitionPenalty(1.1)
            .frequencyPenalty(0.2));
    sampler.sample(logits, 0, large);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      sampler.sample(logits, 0, large);
    }

    assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 100).isLessThan(1000);
  }

  private static Sampler sampler(int choice, SamplingParametersBuilder builder) {
    return new Sampler(builder.build(), choice, new int[0], Set.of());
  }
}
