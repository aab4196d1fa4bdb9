package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a few of the likeliest tokens decide, the whole row would have given. */
class ShortlistPropertyTest {
  private static final int ROUNDS = 20_000;
  private static final int[] LENGTHS = {1, 2, 3, 5, 8, 20, 64, 256};
  private static final Set<Integer> ENDS = Set.of(0, 7);

  private final Random random = new Random(20261122);
  private final Random order = new Random(7);
  private int decided;
  private int undecided;

  @Test
  void aShortlistGivesTheTokenOfTheWholeRowOrNone() {
    int differing = 0;
    for (int round = 0; round < ROUNDS; round++) {
      differing += differs(UnaryOperator.identity(), true) ? 1 : 0;
    }
    System.out.printf("%d decided, %d undecided%n", decided, undecided);
    assertThat(differing).isZero();
    assertThat(decided).isGreaterThan(ROUNDS / 4);
    assertThat(undecided).isGreaterThan(ROUNDS / 10);
  }

  /** Penalties lower tokens that are on no list, so that what the others weigh is not known. */
  @Test
  void topPAloneCountsWithWhatPenaltiesMayHaveTaken() {
    int differing = 0;
    for (int round = 0; round < ROUNDS; round++) {
      float[] row = new float[70 + random.nextInt(60)];
      for (int id = 0; id < row.length; id++) {
        row[id] = 3 * (float) random.nextGaussian();
      }
      SamplingParameters parameters = SamplingParameters.builder()
          .temperature(2)
          .topP(0.2 + 0.6 * random.nextDouble())
          .presencePenalty(2)
          .seed(round)
          .build();
      boolean same = compare(
          row,
          parameters,
          new int[0],
          48,
          UnaryOperator.identity(),
          new SamplingScratch(row.length));
      differing += same ? 0 : 1;
    }
    System.out.printf("%d decided, %d undecided%n", decided, undecided);
    assertThat(differing).isZero();
    assertThat(decided).isGreaterThan(ROUNDS / 10);
  }

  /** Or the tests above would find nothing. */
  @ParameterizedTest
  @MethodSource("faults")
  void aFaultyShortlistIsFound(UnaryOperator<ListedRow> fault) {
    int differing = 0;
    for (int round = 0; round < ROUNDS; round++) {
      differing += differs(fault, true) ? 1 : 0;
    }
    assertThat(differing).isPositive();
  }

  static Stream<UnaryOperator<ListedRow>> faults() {
    return Stream.of(
        list -> list.tokenIds().length < 2 ? list : list.without(list.tokenIds().length - 2),
        list -> list.tokenIds().length < 2 ? list : list.without(1),
        list -> list.boundedBy(Float.NEGATIVE_INFINITY),
        list -> new ListedRow(list.tokenIds(), list.logits(), list.rest() * 0.5),
        list -> new ListedRow(list.tokenIds(), list.logits(), 0));
  }

  /** So the rule is needed that rows with such steps are whole. */
  @Test
  void stepsThatRaiseALogitGiveAnotherToken() {
    int differing = 0;
    for (int round = 0; round < ROUNDS; round++) {
      differing += differs(UnaryOperator.identity(), false) ? 1 : 0;
    }
    assertThat(differing).isPositive();
  }

  @Test
  void onlyRowsThatALongerListMayDecideAreShort() {
    SamplingParametersBuilder plain = SamplingParameters.builder();
    assertThat(taken(plain)).isFalse();
    for (SamplingParametersBuilder cutting : List.of(
        SamplingParameters.builder().topK(40),
        SamplingParameters.builder().topP(0.9),
        SamplingParameters.builder().minP(0.1),
        SamplingParameters.builder().temperature(0))) {
      assertThat(taken(cutting)).isTrue();
      assertThat(taken(cutting.repetitionPenalty(1.2).frequencyPenalty(1).presencePenalty(1)))
          .isTrue();
      assertThat(taken(cutting.logitBias(Map.of(3, -100f)).noRepeatNgramSize(2).minTokens(3)))
          .isTrue();
      assertThat(taken(cutting.logitBias(Map.of(3, -100f, 4, 1f)))).isFalse();
    }
    assertThat(taken(SamplingParameters.builder().topK(254))).isTrue();
    assertThat(taken(SamplingParameters.builder().topK(255))).isFalse();
    assertThat(taken(SamplingParameters.builder().topK(40).repetitionPenalty(0.9)))
        .isFalse();
    assertThat(taken(SamplingParameters.builder().topK(40).frequencyPenalty(-0.1)))
        .isFalse();
    assertThat(taken(SamplingParameters.builder().topK(40).presencePenalty(-0.1)))
        .isFalse();
    assertThat(taken(SamplingParameters.builder().topK(40).logProbabilities(true)))
        .isFalse();
  }

  private static boolean taken(SamplingParametersBuilder parameters) {
    return new Sampler(parameters.build(), 0, new int[] {1}, ENDS).takesShortlist(256);
  }

  /** What is no number, or all too great, is for the whole row to tell. */
  @Test
  void unusableLogitsDecideNothing() {
    Sampler sampler =
        new Sampler(SamplingParameters.builder().topK(2).build(), 0, new int[0], Set.of());
    int[] tokenIds = {4, 2, 5, 1};
    for (float[] logits : new float[][] {
      {Float.NaN, 3, 2, 1},
      {-Float.NaN, 3, 2, 1},
      {Float.POSITIVE_INFINITY, 3, 2, 1},
      {3, 3, 3, 3},
      {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN}
    }) {
      assertThat(sampler.sample(tokenIds, logits, 1, new SamplingScratch(6))).isEmpty();
    }
    assertThat(sampler.sample(tokenIds, new float[] {4, 3, 2, 1}, 1, new SamplingScratch(6)))
        .isPresent();
  }

  /** Most of a language model's rows fall off as a power of the rank, or faster. */
  @Test
  void aRowThatFallsOffIsDecided() {
    float[] row = new float[32_000];
    SamplingScratch scratch = new SamplingScratch(row.length);
    int rows = 25;
    for (int round = 0; round < rows; round++) {
      for (int rank = 0; rank < row.length; rank++) {
        row[rank * 7919 % row.length] =
            (float) (-1.5 * Math.log(1 + rank) + random.nextGaussian() / 10);
      }
      for (SamplingParametersBuilder builder : List.of(
          SamplingParameters.builder().topK(50),
          SamplingParameters.builder().topP(0.9),
          SamplingParameters.builder().minP(0.05),
          SamplingParameters.builder().topK(40).presencePenalty(0.5).repetitionPenalty(1.1),
          SamplingParameters.builder().minP(0.01).topK(40).topP(0.95))) {
        SamplingParameters parameters = builder.seed(round).build();
        compare(row, parameters, new int[] {5}, 256, UnaryOperator.identity(), scratch);
      }
    }
    System.out.printf("%d decided, %d undecided%n", decided, undecided);
    assertThat(decided).isGreaterThan(5 * rows - rows / 5);
  }

  private boolean differs(UnaryOperator<ListedRow> fault, boolean onlyTaken) {
    int size = 1 + random.nextInt(random.nextInt(10) == 0 ? 3000 : 120);
    float[] row = row(size);
    int length = Math.min(size, LENGTHS[random.nextInt(LENGTHS.length)]);
    int[] prompt = random.ints(random.nextInt(12), 0, size).toArray();
    SamplingParameters parameters = parameters(size);
    boolean taken = new Sampler(parameters, 0, prompt, ENDS).takesShortlist(length);
    return taken == onlyTaken
        && !compare(row, parameters, prompt, length, fault, new SamplingScratch(size));
  }

  /** Whether the list gives the row's token, or none. */
  private boolean compare(
      float[] row,
      SamplingParameters parameters,
      int[] prompt,
      int length,
      UnaryOperator<ListedRow> fault,
      SamplingScratch scratch) {
    Sampler sampler = new Sampler(parameters, random.nextInt(3), prompt, ENDS);
    random.ints(random.nextInt(20), 0, row.length).forEach(sampler::accept);
    ListedRow list = fault.apply(ListedRow.of(row, length, sampler.scale(), order));
    Optional<SamplingOutcome> outcome = list.sample(sampler, scratch);
    if (outcome.isEmpty()) {
      undecided++;
      return true;
    }
    decided++;
    return outcome.get().equals(sampler.sample(row, 0, scratch));
  }

  /** With many equal logits, some impossible, and sometimes great ones, or steep as a model's. */
  private float[] row(int size) {
    float[] row = new float[size];
    float scale = random.nextInt(4) == 0 ? 100 : 3;
    boolean coarse = random.nextBoolean();
    boolean steep = random.nextBoolean();
    for (int id = 0; id < size; id++) {
      float logit = (float) random.nextGaussian() * scale;
      logit -= steep ? (float) (4 * Math.log(1 + random.nextInt(size))) : 0;
      row[id] = coarse ? Math.round(logit) : logit;
      if (random.nextInt(10) == 0) {
        row[id] = Float.NEGATIVE_INFINITY;
      }
    }
    return row;
  }

  private SamplingParameters parameters(int size) {
    SamplingParametersBuilder builder = SamplingParameters.builder()
        .temperature(random.nextInt(6) == 0 ? 0 : 0.1 + 1.9 * random.nextDouble())
        .seed(random.nextLong());
    if (random.nextBoolean()) {
      builder.topK(1 + random.nextInt(random.nextBoolean() ? 10 : 300));
    }
    if (random.nextBoolean()) {
      builder.topP(random.nextInt(4) == 0 ? 0.5 : 1 - random.nextDouble());
    }
    if (random.nextBoolean()) {
      builder.minP(random.nextDouble() * random.nextDouble());
    }
    if (random.nextInt(3) == 0) {
      addSteps(builder, size);
    }
    return builder.build();
  }

  /** In one of eight, some may raise logits. */
  private void addSteps(SamplingParametersBuilder builder, int size) {
    boolean raising = random.nextInt(8) == 0;
    if (random.nextBoolean()) {
      builder.repetitionPenalty(raising ? 0.01 + random.nextDouble() : 1 + 4 * random.nextDouble());
    }
    if (random.nextBoolean()) {
      builder.frequencyPenalty(2 * random.nextDouble() - (raising ? 2 : 0));
    }
    if (random.nextBoolean()) {
      builder.presencePenalty(2 * random.nextDouble() - (raising ? 2 : 0));
    }
    if (random.nextBoolean()) {
      builder.noRepeatNgramSize(1 + random.nextInt(3));
    }
    if (random.nextBoolean()) {
      builder.minTokens(random.nextInt(40));
    }
    if (random.nextBoolean()) {
      Map<Integer, Float> bias = new HashMap<>();
      random
          .ints(5, 0, size)
          .forEach(id -> bias.put(id, 100 * random.nextFloat() - (raising ? 0 : 100)));
      builder.logitBias(bias);
    }
  }
}
