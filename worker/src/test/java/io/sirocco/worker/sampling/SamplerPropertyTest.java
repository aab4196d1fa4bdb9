package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random requests over a model that is a function of the last tokens. */
class SamplerPropertyTest {
  private static final int VOCABULARY = 50;
  private static final int[] PROMPT = {3, 1, 4, 1, 5, 9, 2, 6};
  private static final Set<Integer> ENDS = Set.of(0, 7);
  private static final int LENGTH = 30;

  private final Random random = new Random(20261121);
  private final SamplingScratch scratch = new SamplingScratch(VOCABULARY);

  @Test
  void atLeastOneTokenSurvivesWhateverTheRowAndTheParameters() {
    for (int round = 0; round < 20_000; round++) {
      int size = 1 + random.nextInt(12);
      float[] row = row(size);
      row[random.nextInt(size)] = 1;
      Sampler sampler = new Sampler(parameters(), 0, PROMPT, ENDS);
      random.ints(random.nextInt(20), 0, size).forEach(sampler::accept);

      SamplingOutcome outcome = sampler.sample(row, 0, new SamplingScratch(size));

      assertThat(outcome)
          .as("round %d", round)
          .isInstanceOfSatisfying(
              SampledToken.class,
              token -> assertThat(row[token.tokenId()]).isGreaterThan(Float.NEGATIVE_INFINITY));
    }
  }

  @Test
  void keepsAndDrawsWhatSortingEverythingWould() {
    for (int round = 0; round < 1500; round++) {
      int size = 1 + random.nextInt(round % 10 == 0 ? 5000 : 100);
      float[] row = row(size);
      row[random.nextInt(size)] = 1;
      SamplingParameters parameters = truncating().seed(round).build();
      float scale = (float) (1 / parameters.temperature());
      float[] scaled = row.clone();
      for (int id = 0; id < size; id++) {
        scaled[id] *= scale;
      }
      List<Integer> kept = PlainTruncation.kept(parameters, scaled);

      SamplingOutcome outcome =
          new Sampler(parameters, 0, PROMPT, ENDS).sample(row, 0, new SamplingScratch(size));

      assertThat(outcome)
          .as("round %d of %s", round, parameters)
          .isEqualTo(new SampledToken(plainDraw(kept, scaled, round), null));
      assertThat(kept(parameters, scaled)).as("round %d", round).containsExactlyElementsOf(kept);
    }
  }

  @Test
  void equalSeedsGiveEqualTokensInAnyBatch() {
    ExecutorService executor = Executors.newFixedThreadPool(3);
    try {
      for (int round = 0; round < 40; round++) {
        List<SamplingParameters> requests = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(12); i++) {
          requests.add(parameters());
        }
        BatchSampler batch = new BatchSampler(VOCABULARY, 1 + round % 4, executor);

        List<List<Integer>> together = answers(requests, batch);

        for (int i = 0; i < requests.size(); i++) {
          assertThat(together.get(i))
              .as("round %d, row %d of %d", round, i, requests.size())
              .isEqualTo(generate(requests.get(i), List.of()));
        }
      }
    } finally {
      executor.shutdown();
    }
  }

  @Test
  void restoringAtAnyPositionGivesTheSameContinuation() {
    for (int round = 0; round < 100; round++) {
      SamplingParameters parameters = parameters();
      List<Integer> whole = generate(parameters, List.of());
      for (int position = 0; position < LENGTH; position += 1 + random.nextInt(4)) {
        assertThat(generate(parameters, whole.subList(0, position)))
            .as("round %d at %d of %s", round, position, parameters)
            .isEqualTo(whole);
      }
    }
  }

  private List<List<Integer>> answers(List<SamplingParameters> requests, BatchSampler batch) {
    List<Sampler> samplers = new ArrayList<>();
    List<List<Integer>> answers = new ArrayList<>();
    for (SamplingParameters parameters : requests) {
      samplers.add(new Sampler(parameters, 0, PROMPT, ENDS));
      answers.add(new ArrayList<>());
    }
    for (int step = 0; step < LENGTH; step++) {
      float[] logits = new float[requests.size() * VOCABULARY];
      List<BatchSampler.Row> rows = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        System.arraycopy(model(answers.get(i)), 0, logits, i * VOCABULARY, VOCABULARY);
        rows.add(new BatchSampler.Row(samplers.get(i), i * VOCABULARY));
      }
      List<SamplingOutcome> outcomes = batch.sample(logits, rows);
      for (int i = 0; i < requests.size(); i++) {
        append(outcomes.get(i), samplers.get(i), answers.get(i));
      }
    }
    return answers;
  }

  private List<Integer> generate(SamplingParameters parameters, List<Integer> begun) {
    Sampler sampler = new Sampler(parameters, 0, PROMPT, ENDS);
    begun.forEach(sampler::accept);
    List<Integer> answer = new ArrayList<>(begun);
    while (answer.size() < LENGTH) {
      append(sampler.sample(model(answer), 0, scratch), sampler, answer);
    }
    return answer;
  }

  private static void append(SamplingOutcome outcome, Sampler sampler, List<Integer> answer) {
    int tokenId = ((SampledToken) outcome).tokenId();
    sampler.accept(tokenId);
    answer.add(tokenId);
  }

  private static float[] model(List<Integer> answer) {
    int from = Math.max(0, answer.size() - 2);
    Random random = new Random(answer.subList(from, answer.size()).hashCode());
    float[] logits = new float[VOCABULARY];
    for (int id = 0; id < VOCABULARY; id++) {
      logits[id] = (float) random.nextGaussian() * 2;
    }
    return logits;
  }

  /** With many equal logits, some impossible, and sometimes great ones. */
  private float[] row(int size) {
    float[] row = new float[size];
    float scale = random.nextInt(4) == 0 ? 100 : 3;
    boolean coarse = random.nextBoolean();
    for (int id = 0; id < size; id++) {
      float logit = (float) random.nextGaussian() * scale;
      row[id] = coarse ? Math.round(logit) : logit;
      if (random.nextInt(10) == 0) {
        row[id] = Float.NEGATIVE_INFINITY;
      }
    }
    return row;
  }

  private SamplingParametersBuilder truncating() {
    SamplingParametersBuilder builder =
        SamplingParameters.builder().temperature(0.1 + 1.9 * random.nextDouble());
    if (random.nextBoolean()) {
      builder.topK(1 + random.nextInt(random.nextBoolean() ? 10 : 1200));
    }
    if (random.nextBoolean()) {
      builder.topP(1 - random.nextDouble());
    }
    if (random.nextBoolean()) {
      builder.minP(random.nextDouble() * random.nextDouble());
    }
    return builder;
  }

  private SamplingParameters parameters() {
    SamplingParametersBuilder builder = truncating().seed(random.nextLong());
    if (random.nextInt(4) == 0) {
      builder.temperature(0);
    }
    if (random.nextBoolean()) {
      builder.repetitionPenalty(0.01 + 4.99 * random.nextDouble());
    }
    if (random.nextBoolean()) {
      builder.frequencyPenalty(4 * random.nextDouble() - 2);
    }
    if (random.nextBoolean()) {
      builder.presencePenalty(4 * random.nextDouble() - 2);
    }
    if (random.nextBoolean()) {
      builder.noRepeatNgramSize(1 + random.nextInt(3));
    }
    if (random.nextBoolean()) {
      builder.minTokens(random.nextInt(40));
    }
    if (random.nextBoolean()) {
      Map<Integer, Float> bias = new HashMap<>();
      random.ints(5, 0, VOCABULARY).forEach(id -> bias.put(id, 200 * random.nextFloat() - 100));
      builder.logitBias(bias);
    }
    return builder.build();
  }

  private static int plainDraw(List<Integer> kept, float[] scaled, long seed) {
    long key = CounterRandom.key(seed, 0, 0);
    return kept.stream()
        .sorted()
        .reduce((one, other) -> noisy(other, scaled, key) > noisy(one, scaled, key) ? other : one)
        .orElseThrow();
  }

  private static double noisy(int tokenId, float[] scaled, long key) {
    return scaled[tokenId] - Math.log(-Math.log(CounterRandom.uniform(key, tokenId)));
  }

  private static List<Integer> kept(SamplingParameters parameters, float[] scaled) {
    LogitsRow row = new LogitsRow(scaled.length);
    row.view(scaled, 0);
    row.findMaxima();
    Candidates candidates = new Candidates(scaled.length);
    new Sampler(parameters, 0, PROMPT, ENDS).truncate(row, candidates);
    candidates.sort();
    return IntStream.range(0, candidates.size())
        .map(candidates::tokenId)
        .boxed()
        .toList();
  }
}
