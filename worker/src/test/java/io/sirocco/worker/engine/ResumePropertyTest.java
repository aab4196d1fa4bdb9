package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.engine.api.WaitingLine;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModel;
import io.sirocco.worker.model.torch.TorchModelSettings;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * An answer that stops after any number of its tokens and is resumed in another engine has the tokens of
 * the undisturbed one: penalties, bans, the minimum length and the draw go on where they stood.
 */
class ResumePropertyTest {
  private static final int CASES = 60;
  private static final int CONTEXT = 200;
  private static final int[] NOTHING = {};

  /** Without an end before the length. */
  private static final SamplingParameters GREEDY =
      SamplingParameters.builder().temperature(0).minTokens(40).build();

  /** What is asked for: some choices for one prompt. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Ask(int[] prompt, int maxNewTokens, SamplingParameters sampling, int choices) {

    GenerationRequest request(int choice, int[] resumed, RecordingListener listener) {
      return new GenerationRequest(
          "test",
          prompt,
          resumed,
          maxNewTokens,
          Set.of(0),
          sampling,
          listener,
          choice,
          WaitingLine.of(""),
          PrefixReuse.UNSALTED);
    }
  }

  @Test
  void everyBeginningIsResumedToTheSameTokens() {
    int resumed = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Ask ask = draw(random, FakeModel.VOCABULARY);
      try {
        resumed += check(new FakeModel(8, CONTEXT), ask, random);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(resumed).isGreaterThan(20 * CASES);
  }

  @Test
  void aRealModelGoesOnWithTheSameTokens() throws Exception {
    TorchModelSettings settings = new TorchModelSettings(Precision.F32, 4096, CONTEXT, 1);
    try (CausalModel model = TorchModel.load(
        ModelFolder.openWithoutTokenizer(CheckpointFolders.NO_WINDOW),
        settings,
        (bytes, total) -> {})) {
      for (int seed = 0; seed < 6; seed++) {
        Random random = new Random(seed);
        check(model, draw(random, model.shape().vocabularySize()), random);
      }
    }
  }

  /** Tokens that were generated elsewhere are computed with the prompt, in one go. */
  @Test
  void resumingCostsOnePrefill() {
    FakeModel model = new FakeModel(1, CONTEXT);
    Ask ask = new Ask(new int[100], 40, GREEDY, 1);
    int[] answer = answers(model, ask).get(0);
    FakeModel heir = new FakeModel(1, CONTEXT);

    run(heir, ask, List.of(IntStream.of(answer).limit(30).toArray()));

    assertThat(heir.steps()).hasSize(10);
    assertThat(heir.computedTokens()).isEqualTo(139);
  }

  /** What is billed as cached is a part of the prompt. */
  @Test
  void resumedTokensAreNoCachedTokensOfThePrompt() {
    FakeModel model = new FakeModel(2, CONTEXT);
    Ask ask = new Ask(new int[100], 40, GREEDY, 1);
    EngineInbox inbox = new EngineInbox(1);
    EngineLoop loop = loop(model, inbox);
    RecordingListener first = new RecordingListener();
    inbox.offer(ask.request(0, NOTHING, first));
    run(loop);
    RecordingListener second = new RecordingListener();

    inbox.offer(
        ask.request(0, first.tokens.stream().limit(30).mapToInt(id -> id).toArray(), second));
    run(loop);

    assertThat(second.cachedTokens).isEqualTo(100);
    assertThat(second.tokens).isEqualTo(first.tokens.subList(30, 40));
  }

  /** Each choice of {@code ask} stops somewhere else; returns how many tokens were resumed. */
  private static int check(CausalModel model, Ask ask, Random random) {
    List<int[]> undisturbed = answers(model, ask);
    int resumed = 0;
    int longest = undisturbed.stream().mapToInt(tokens -> tokens.length).max().orElseThrow();
    for (int k = 0; k < longest; k++) {
      List<int[]> beginnings = new ArrayList<>();
      for (int[] tokens : undisturbed) {
        int length = Math.min(ask.choices() == 1 ? k : random.nextInt(longest), tokens.length - 1);
        beginnings.add(IntStream.of(tokens).limit(length).toArray());
        resumed += length;
      }
      List<int[]> rest = run(model, ask, beginnings);
      for (int choice = 0; choice < ask.choices(); choice++) {
        int[] whole = IntStream.concat(
                IntStream.of(beginnings.get(choice)), IntStream.of(rest.get(choice)))
            .toArray();
        assertThat(whole).as("choice %d, after %d", choice, k).isEqualTo(undisturbed.get(choice));
      }
    }
    return resumed;
  }

  private static List<int[]> answers(CausalModel model, Ask ask) {
    return run(model, ask, Collections.nCopies(ask.choices(), NOTHING));
  }

  private static List<int[]> run(CausalModel model, Ask ask, List<int[]> beginnings) {
    EngineInbox inbox = new EngineInbox(8);
    EngineLoop loop = loop(model, inbox);
    List<RecordingListener> listeners =
        beginnings.stream().map(beginning -> new RecordingListener()).toList();
    inbox.offer(IntStream.range(0, ask.choices())
        .mapToObj(choice -> ask.request(choice, beginnings.get(choice), listeners.get(choice)))
        .toList());
    run(loop);
    assertThat(listeners).allMatch(listener -> listener.end != null);
    return listeners.stream()
        .map(listener -> listener.tokens.stream().mapToInt(id -> id).toArray())
        .toList();
  }

  private static EngineLoop loop(CausalModel model, EngineInbox inbox) {
    return new EngineLoop(
        inbox, model, new EngineLimits(8, 150, 40), new SimpleMeterRegistry(), Tags.empty());
  }

  private static void run(EngineLoop loop) {
    int steps = 0;
    while (loop.step()) {
      assertThat(steps++).isLessThan(100_000);
    }
  }

  private static Ask draw(Random random, int vocabulary) {
    return new Ask(
        random.ints(1 + random.nextInt(80), 0, vocabulary).toArray(),
        2 + random.nextInt(40),
        SamplingParameters.builder()
            .temperature(random.nextInt(3) == 0 ? 0 : 2 * random.nextDouble())
            .topK(random.nextInt(vocabulary))
            .topP(1 - random.nextDouble() / 2)
            .minP(random.nextDouble() / 20)
            .presencePenalty(random.nextDouble())
            .frequencyPenalty(random.nextDouble())
            .repetitionPenalty(0.5 + random.nextDouble())
            .noRepeatNgramSize(random.nextInt(4))
            .logitBias(Map.of(random.nextInt(vocabulary), 2f))
            .minTokens(random.nextInt(10))
            .seed(random.nextLong() & Long.MAX_VALUE)
            .build(),
        1 + random.nextInt(3) * random.nextInt(2));
  }
}
