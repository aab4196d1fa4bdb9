package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.Workload.Ask;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.sampling.BatchSampler;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens are those of the request's seed, whoever its neighbours are, and on however many threads. */
class EqualSeedsPropertyTest {
  private static final int SCHEDULES = 300;
  private static final int CONTEXT = 300;
  private static final int THREADS = 3;

  private final ExecutorService others = Executors.newFixedThreadPool(THREADS - 1);

  @AfterEach
  void end() {
    others.shutdownNow();
  }

  @Test
  void equalSeedsGiveEqualTokensInAnyBatch() {
    double preemptions = 0;
    for (int seed = 0; seed < SCHEDULES; seed++) {
      try {
        preemptions += compare(new Random(seed));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(preemptions).isPositive();
  }

  private record Sampled(Ask ask, int choices) {
    List<GenerationRequest> requests(List<RecordingListener> listeners) {
      return IntStream.range(0, choices)
          .mapToObj(choice -> request(choice, listeners.get(choice)))
          .toList();
    }

    GenerationRequest request(int choice, RecordingListener listener) {
      return new GenerationRequest(
          "test",
          ask.prompt(),
          ask.maxNewTokens(),
          Set.of(0),
          ask.sampling(),
          listener,
          choice,
          "",
          ask.reuse());
    }
  }

  private double compare(Random random) {
    FakeModel model = new FakeModel(CONTEXT, CONTEXT, 64 * (8 + random.nextInt(10)));
    EngineInbox inbox = new EngineInbox(4);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    EngineLoop loop = new EngineLoop(
        inbox,
        model,
        new BatchSampler(FakeModel.VOCABULARY, 1 + random.nextInt(THREADS), others),
        new EngineLimits(1 + random.nextInt(12), 1 + random.nextInt(120), 1 + random.nextInt(40)),
        registry,
        Tags.empty());
    List<Sampled> asked = draw(random);
    List<List<RecordingListener>> heard = new ArrayList<>();
    for (Sampled sampled : asked) {
      List<RecordingListener> listeners = listeners(sampled.choices());
      heard.add(listeners);
      while (!inbox.offer(sampled.requests(listeners))) {
        loop.step();
      }
      for (int steps = random.nextInt(20); steps > 0; steps--) {
        loop.step();
      }
    }
    run(loop);
    for (int i = 0; i < asked.size(); i++) {
      for (int choice = 0; choice < asked.get(i).choices(); choice++) {
        assertThat(heard.get(i).get(choice).tokens).isEqualTo(alone(asked.get(i), choice));
      }
    }
    return registry.get("sirocco.num.preemptions").functionCounter().count();
  }

  private static List<RecordingListener> listeners(int count) {
    return IntStream.range(0, count).mapToObj(choice -> new RecordingListener()).toList();
  }

  private static List<Sampled> draw(Random random) {
    return new Workload(FakeModel.VOCABULARY, CONTEXT / 2, CONTEXT / 3)
        .draw(random, 2 + random.nextInt(6)).stream()
            .map(ask -> new Ask(ask.prompt(), ask.maxNewTokens(), sampling(random), ask.reuse()))
            .map(ask -> new Sampled(ask, 1 + random.nextInt(6)))
            .toList();
  }

  private static SamplingParameters sampling(Random random) {
    return SamplingParameters.builder()
        .temperature(random.nextInt(4) == 0 ? 0 : 2 * random.nextDouble())
        .topK(random.nextInt(FakeModel.VOCABULARY))
        .topP(1 - random.nextDouble() / 2)
        .presencePenalty(random.nextDouble())
        .repetitionPenalty(0.5 + random.nextDouble())
        .noRepeatNgramSize(random.nextInt(4))
        .logitBias(Map.of(random.nextInt(FakeModel.VOCABULARY), 2f))
        .minTokens(random.nextInt(10))
        .seed(random.nextLong() & Long.MAX_VALUE)
        .logProbabilities(random.nextBoolean())
        .build();
  }

  private static List<Integer> alone(Sampled sampled, int choice) {
    EngineInbox inbox = new EngineInbox(1);
    RecordingListener listener = new RecordingListener();
    inbox.offer(sampled.request(choice, listener));
    run(new EngineLoop(
        inbox,
        new FakeModel(1, CONTEXT),
        new EngineLimits(1, 512, 512),
        new SimpleMeterRegistry(),
        Tags.empty()));
    return listener.tokens;
  }

  private static void run(EngineLoop loop) {
    int steps = 0;
    while (loop.step()) {
      assertThat(steps++).isLessThan(100_000);
    }
  }
}
