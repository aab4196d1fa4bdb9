package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.Workload.Ask;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.model.CausalModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random requests, limits, windows, cancellations and failures on a model that notices everything. */
class EnginePropertyTest {
  private static final int SCHEDULES = 3000;
  private static final int CONTEXT = 400;

  @Test
  void answersAreThoseOfRequestsThatAreAlone() {
    double preemptions = 0;
    double cached = 0;
    for (int seed = 0; seed < SCHEDULES; seed++) {
      Schedule schedule = new Schedule(seed);
      schedule.run();
      preemptions += schedule.count("sirocco.num.preemptions");
      cached += schedule.count("sirocco.prefix.cache.hits");
    }
    System.out.printf(
        "%d schedules, %.0f preemptions, %.0f tokens reused%n", SCHEDULES, preemptions, cached);
    assertThat(preemptions).isGreaterThan(SCHEDULES);
    assertThat(cached).isGreaterThan(10.0 * SCHEDULES);
  }

  private static final class Schedule {
    private final int seed;
    private final Random random;
    private final FakeModel model;
    private final EngineInbox inbox = new EngineInbox(4);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EngineLoop loop;
    private final List<Ask> asks;
    private final List<RecordingListener> listeners = new ArrayList<>();
    private final Map<Integer, GenerationRequest> cancelled = new HashMap<>();

    Schedule(int seed) {
      this.seed = seed;
      random = new Random(seed);
      boolean windowed = random.nextInt(3) == 0;
      model = windowed
          ? new FakeModel(CONTEXT, 2 + random.nextInt(127), 64 * (2 + random.nextInt(8)))
          : new FakeModel(CONTEXT, CONTEXT, 64 * (8 + random.nextInt(10)));
      EngineLimits limits =
          new EngineLimits(1 + random.nextInt(8), 1 + random.nextInt(120), 1 + random.nextInt(40));
      CausalModel served = seed % 2 == 0 ? model : new SparingModel(model, 8);
      loop = new EngineLoop(inbox, served, limits, registry, Tags.empty());
      asks = new Workload(FakeModel.VOCABULARY, CONTEXT / 2, CONTEXT / 2)
          .draw(random, 2 + random.nextInt(12));
      int failingStep = random.nextInt(100);
      model.failWhen(input -> model.steps().size() == failingStep);
    }

    double count(String counter) {
      return registry.get(counter).functionCounter().count();
    }

    void run() {
      try {
        submitAll();
        int steps = 0;
        while (loop.step()) {
          assertThat(steps++).isLessThan(100_000);
        }
        check();
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }

    private void submitAll() {
      for (int i = 0; i < asks.size(); i++) {
        RecordingListener listener = new RecordingListener();
        listeners.add(listener);
        GenerationRequest request = asks.get(i).request("q" + random.nextInt(3), listener);
        while (!inbox.offer(request)) {
          loop.step();
        }
        for (int steps = random.nextInt(20); steps > 0; steps--) {
          loop.step();
        }
        if (random.nextInt(10) == 0) {
          cancelled.put(i, request);
          inbox.cancel(request);
        }
      }
    }

    private void check() {
      int window = model.shape().windowTokens();
      for (int i = 0; i < asks.size(); i++) {
        Ask ask = asks.get(i);
        RecordingListener listener = listeners.get(i);
        List<Integer> expected = FakeModel.answer(ask.prompt(), ask.maxNewTokens(), window);
        if (cancelled.containsKey(i)) {
          assertThat(listener.tokens).isEqualTo(expected.subList(0, listener.tokens.size()));
        } else {
          assertThat(listener.failure).isNull();
          assertThat(listener.tokens).isEqualTo(expected);
        }
        assertThat(listener.admissions).isLessThanOrEqualTo(1);
      }
      assertThat(registry.get("sirocco.kv.cache.usage.perc").gauge().value()).isZero();
      assertThat(registry.get("sirocco.num.requests.waiting").gauge().value()).isZero();
    }
  }

  @Test
  void aFloodOfOneQueueDoesNotStarveAnother() {
    FakeModel model = new FakeModel(1, CONTEXT);
    EngineInbox inbox = new EngineInbox(50);
    EngineLoop loop = new EngineLoop(
        inbox, model, new EngineLimits(4, 64, 16), new SimpleMeterRegistry(), Tags.empty());
    Workload workload = new Workload(FakeModel.VOCABULARY, CONTEXT / 2, CONTEXT / 2);
    Random random = new Random(11);
    List<RecordingListener> flood = new ArrayList<>();
    for (Ask ask : workload.draw(random, 50)) {
      flood.add(new RecordingListener());
      assertThat(inbox.offer(ask.request("flood", flood.get(flood.size() - 1)))).isTrue();
    }
    RecordingListener single = new RecordingListener();
    for (int i = 0; i < 20; i++) {
      loop.step();
    }
    assertThat(inbox.offer(workload.draw(random, 1).get(0).request("single", single)))
        .isTrue();

    while (!single.admitted) {
      loop.step();
    }

    // Those that were taken in before it, and one in whose turn it came.
    assertThat(flood.stream().filter(listener -> listener.admitted).count())
        .isLessThan(flood.stream().filter(listener -> listener.isDone()).count() + 4);
    assertThat(flood.stream().filter(listener -> listener.isDone()).count()).isLessThan(10);
  }
}
