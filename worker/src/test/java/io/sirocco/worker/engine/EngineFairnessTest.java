package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.engine.api.WaitingLine;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of one user while another floods the engine, counted in steps. */
class EngineFairnessTest {
  private static final int PLACES = 4;
  private static final int PROMPT = 40;
  private static final int CONTEXT = 300;

  private final EngineInbox inbox = new EngineInbox(1000);
  private final FakeModel model = new FakeModel(PLACES, CONTEXT);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final EngineLoop loop =
      new EngineLoop(inbox, model, EngineLimits.of(PLACES), registry, Tags.empty());
  private int prompts;

  @Test
  void aFloodByOneUserLeavesAnothersFirstTokenWithinTwiceItsQuietSteps() {
    int quiet = stepsToFirstToken(submit("quiet", 0, 1));

    List<RecordingListener> flood = flood(200);
    for (int step = 0; step < 60; step++) {
      loop.step();
    }
    int worst = 0;
    for (int i = 0; i < 20; i++) {
      RecordingListener asked = submit("quiet", 0, 8);
      worst = Math.max(worst, stepsToFirstToken(asked));
      runUntilDone(asked);
    }

    assertThat(worst).isLessThanOrEqualTo(2 * quiet);
    assertThat(flood.get(199).admitted).isFalse(); // It was a flood all the time.
  }

  @Test
  void whoGaveUpAPlaceGetsTheAnswerAsIfNothingWas() {
    List<RecordingListener> flood = flood(PLACES);
    loop.step();
    runUntilDone(submit("quiet", 0, 20));
    flood.forEach(this::runUntilDone);

    assertThat(registry.get("sirocco.num.preemptions").functionCounter().count())
        .isEqualTo(1);
    for (int i = 0; i < PLACES; i++) {
      assertThat(flood.get(i).tokens).isEqualTo(FakeModel.answer(prompt(i), 200, CONTEXT));
    }
  }

  @Test
  void whoHasOnePlaceKeepsIt() {
    List<RecordingListener> running = new ArrayList<>();
    for (int user = 0; user < PLACES; user++) {
      running.add(submit("user" + user, 0, 50));
    }
    loop.step();
    RecordingListener late = submit("late", 0, 5);
    loop.step();

    assertThat(late.admitted).isFalse();
    assertThat(running).allMatch(each -> each.tokens.size() == 2);
  }

  @Test
  void theMoreUrgentOfTwoThatWaitIsAdmittedFirst() {
    submit("flood", 0, 20);
    flood(PLACES - 1);
    loop.step();
    RecordingListener plain = submit("flood", 0, 5);
    RecordingListener urgent = submit("flood", -1, 5);
    runUntilDone(urgent);

    assertThat(plain.admitted).isFalse();
  }

  @Test
  void aUserWithoutAPlaceGetsRoomInAFullCache() {
    FakeModel small = new FakeModel(CONTEXT, CONTEXT, 512);
    EngineLoop full = new EngineLoop(inbox, small, EngineLimits.of(16), registry, Tags.empty());
    flood(40);
    for (int step = 0; step < 30; step++) {
      full.step();
    }

    RecordingListener asked = submit("quiet", 0, 5);
    for (int step = 0; step < 4; step++) {
      full.step();
    }

    assertThat(asked.tokens).isNotEmpty();
  }

  private List<RecordingListener> flood(int requests) {
    List<RecordingListener> listeners = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      listeners.add(submit("flood", 0, 200));
    }
    return listeners;
  }

  private RecordingListener submit(String user, int priority, int newTokens) {
    RecordingListener listener = new RecordingListener();
    assertThat(inbox.offer(new GenerationRequest(
            "test",
            prompt(prompts++),
            new int[0],
            newTokens,
            Set.of(),
            SamplingParameters.GREEDY,
            listener,
            0,
            new WaitingLine(priority, user, "q"),
            PrefixReuse.UNSALTED)))
        .isTrue();
    return listener;
  }

  /** Prompts that have no beginning in common. */
  private static int[] prompt(int number) {
    int[] prompt = new int[PROMPT];
    Arrays.fill(prompt, number % 50);
    prompt[0] = 50 + number / 50;
    prompt[1] = number % 50;
    return prompt;
  }

  private int stepsToFirstToken(RecordingListener listener) {
    int steps = 0;
    while (listener.tokens.isEmpty()) {
      assertThat(steps++).isLessThan(10_000);
      loop.step();
    }
    return steps;
  }

  private void runUntilDone(RecordingListener listener) {
    for (int step = 0; !listener.isDone(); step++) {
      assertThat(step).isLessThan(10_000);
      loop.step();
    }
  }
}
