package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EngineLoopTest {
  private static final int CONTEXT = 200;

  private final FakeModel model = new FakeModel(3, CONTEXT);
  private final EngineInbox inbox = new EngineInbox(8);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final EngineLoop loop =
      new EngineLoop(inbox, model, new EngineLimits(3, 16, 16), registry, Tags.empty());

  @Test
  void generatesWhatTheModelSaysUntilTheLengthIsReached() {
    RecordingListener listener = submit(prompt(5), 7);

    run();

    assertThat(listener.tokens).isEqualTo(expected(prompt(5), 7));
    assertThat(listener.end).isEqualTo(GenerationEnd.LENGTH);
  }

  @Test
  void anEndTokenEndsTheAnswerAndIsPartOfIt() {
    List<Integer> all = expected(prompt(5), 9);
    int end = all.get(3);
    RecordingListener listener = new RecordingListener();
    inbox.offer(request(prompt(5), 9, Set.of(end), listener));

    run();

    assertThat(listener.tokens).isEqualTo(all.subList(0, all.indexOf(end) + 1));
    assertThat(listener.end).isEqualTo(GenerationEnd.END_TOKEN);
  }

  @Test
  void aListenerEndsItsAnswer() {
    RecordingListener listener = new RecordingListener() {
      @Override
      public boolean generated(SampledToken token) {
        super.generated(token);
        return tokens.size() < 4;
      }
    };
    inbox.offer(request(prompt(5), 9, Set.of(), listener));

    run();

    assertThat(listener.tokens).hasSize(4);
    assertThat(listener.end).isEqualTo(GenerationEnd.LISTENER);
  }

  @Test
  void aStepHasNoMoreTokensThanItsBudget() {
    submit(prompt(40), 3);
    submit(prompt(9), 3);

    run();

    assertThat(model.steps()).extracting(ForwardInput::tokens).allMatch(tokens -> tokens <= 16);
  }

  @Test
  void runningAnswersGoOnWhileALongPromptIsComputed() {
    RecordingListener running = submit(prompt(2), 50);
    loop.step();
    loop.step();
    int before = running.tokens.size();

    RecordingListener late = submit(prompt(100), 1);
    int steps = 0;
    while (!late.isDone()) {
      loop.step();
      steps++;
    }

    assertThat(steps).isGreaterThan(5);
    assertThat(running.tokens).hasSize(before + steps);
  }

  @Test
  void sequencesJoinAndLeaveAtEveryStep() {
    RecordingListener first = submit(prompt(3), 2);
    RecordingListener second = submit(prompt(4), 9);
    RecordingListener third = submit(prompt(5), 9);
    RecordingListener fourth = submit(prompt(6), 1);

    loop.step();
    assertThat(fourth.admitted).isFalse();

    loop.step();
    loop.step();
    assertThat(first.end).isEqualTo(GenerationEnd.LENGTH);
    assertThat(fourth.isDone()).isTrue();
    assertThat(second.isDone() || third.isDone()).isFalse();
  }

  @Test
  void whatDoesNotFitWaitsInTheInbox() {
    for (int i = 0; i < 8; i++) {
      submit(prompt(3), 9);
    }

    loop.step();

    assertThat(inbox.size()).isEqualTo(5);
  }

  @Test
  void aLogitThatIsNoNumberEndsItsSequenceAndNoOthers() {
    RecordingListener lost = submit(prompt(3), 9);
    RecordingListener beside = submit(prompt(4), 5);
    model.spoilOnce();

    run();

    assertThat(lost.failure).isEqualTo("the model computed a logit that is no number");
    assertThat(lost.tokens).isEmpty();
    assertThat(beside.tokens).isEqualTo(expected(prompt(4), 5));
  }

  @Test
  void aListenerThatFailsEndsItsSequenceAndNoOthers() {
    RecordingListener broken = new RecordingListener() {
      @Override
      public boolean generated(SampledToken token) {
        throw new IllegalStateException("cannot decode");
      }
    };
    inbox.offer(request(prompt(3), 9, Set.of(), broken));
    RecordingListener other = submit(prompt(4), 5);

    run();

    assertThat(broken.failure).isEqualTo("the worker could not decode the answer");
    assertThat(other.tokens).isEqualTo(expected(prompt(4), 5));
  }

  @Test
  void aCancelledRequestLeavesAtTheNextStepAndFreesItsPlace() {
    RecordingListener listener = new RecordingListener();
    GenerationRequest request = request(prompt(3), 100, Set.of(), listener);
    inbox.offer(request);
    loop.step();

    inbox.cancel(request);
    loop.step();

    assertThat(listener.tokens).hasSize(1);
    assertThat(listener.isDone()).isFalse();
    assertThat(loop.step()).isFalse();
  }

  @Test
  void aRequestThatIsCancelledBeforeItIsTakenInNeverRuns() {
    RecordingListener listener = new RecordingListener();
    GenerationRequest request = request(prompt(3), 100, Set.of(), listener);
    inbox.offer(request);

    inbox.cancel(request);

    assertThat(loop.step()).isFalse();
    assertThat(listener.admitted).isFalse();
  }

  @Test
  void anAnswerIsTheSameAloneAndInAnyBatch() {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      List<int[]> prompts = new ArrayList<>();
      List<RecordingListener> listeners = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        prompts.add(random.ints(1 + random.nextInt(50), 0, FakeModel.VOCABULARY).toArray());
        listeners.add(submit(prompts.get(i), 20));
        for (int steps = random.nextInt(4); steps > 0; steps--) {
          loop.step();
        }
      }

      run();

      for (int i = 0; i < 8; i++) {
        assertThat(listeners.get(i).tokens).isEqualTo(expected(prompts.get(i), 20));
      }
    }
  }

  @Test
  void countsWhatItComputes() {
    submit(prompt(5), 7);

    run();

    assertThat(registry.counter("sirocco.generation.tokens").count()).isEqualTo(7);
    assertThat(registry.counter("sirocco.prompt.tokens").count()).isEqualTo(5);
  }

  private RecordingListener submit(int[] prompt, int maxNewTokens) {
    RecordingListener listener = new RecordingListener();
    assertThat(inbox.offer(request(prompt, maxNewTokens, Set.of(), listener))).isTrue();
    return listener;
  }

  private static GenerationRequest request(
      int[] prompt, int maxNewTokens, Set<Integer> endIds, GenerationListener listener) {
    return new GenerationRequest(
        "test", prompt, maxNewTokens, endIds, SamplingParameters.GREEDY, listener);
  }

  private void run() {
    int steps = 0;
    while (loop.step()) {
      assertThat(steps++).isLessThan(10_000);
    }
  }

  private static int[] prompt(int length) {
    int[] prompt = new int[length];
    Arrays.setAll(prompt, i -> (i * 31 + length) % FakeModel.VOCABULARY);
    return prompt;
  }

  private static List<Integer> expected(int[] prompt, int count) {
    return FakeModel.answer(prompt, count, CONTEXT);
  }
}
