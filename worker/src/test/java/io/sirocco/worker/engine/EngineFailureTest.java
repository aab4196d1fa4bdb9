package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What becomes of sequences when the model fails. */
class EngineFailureTest {
  private static final int POISON = FakeModel.VOCABULARY;

  private FakeModel model = new FakeModel(4, 200);
  private final EngineInbox inbox = new EngineInbox(8);

  @Test
  void aStepThatFailsOnceIsHeardByNobody() {
    List<RecordingListener> listeners = List.of(submit(prompt(3), 9), submit(prompt(40), 9));
    model.failOnce();

    run(loop());

    assertThat(listeners.get(0).tokens).isEqualTo(expected(prompt(3), 9));
    assertThat(listeners.get(1).tokens).isEqualTo(expected(prompt(40), 9));
  }

  @Test
  void whoMakesEveryStepFailFailsAlone() {
    model.failWhen(EngineFailureTest::isPoisoned);
    int[] poisoned = prompt(20);
    poisoned[17] = POISON;
    RecordingListener before = submit(prompt(3), 9);
    RecordingListener culprit = submit(poisoned, 9);
    RecordingListener after = submit(prompt(40), 9);

    run(loop());

    assertThat(culprit.failure).isEqualTo("the model failed on a step, twice");
    assertThat(before.tokens).isEqualTo(expected(prompt(3), 9));
    assertThat(after.tokens).isEqualTo(expected(prompt(40), 9));
  }

  @Test
  void whatFailedIsNeverReused() {
    model.failWhen(EngineFailureTest::isPoisoned);
    int[] poisoned = prompt(60);
    poisoned[57] = POISON;
    submit(poisoned, 9);
    EngineLoop loop = loop();
    run(loop);

    RecordingListener later = submit(prompt(60), 9);
    run(loop);

    assertThat(later.cachedTokens).isZero();
    assertThat(later.tokens).isEqualTo(expected(prompt(60), 9));
  }

  @Test
  void aFailedStepThatWentRoundInItsPlaceIsComputedFromTheBeginning() {
    model = new FakeModel(200, 60, 256);
    RecordingListener listener = submit(prompt(150), 9);
    model.failWhen(new Predicate<>() {
      private boolean failed;

      @Override
      public boolean test(ForwardInput input) {
        boolean fails = !failed && input.spans().get(0).start() >= 64;
        failed |= fails;
        return fails;
      }
    });

    run(loop());

    assertThat(listener.tokens).isEqualTo(expected(prompt(150), 9));
    assertThat(model.steps()).extracting(step -> step.spans().get(0).start()).contains(0, 64);
    assertThat(listener.admissions).isEqualTo(1);
  }

  @Test
  void aPromptWhoseStepsAlwaysFailGivesUp() {
    model = new FakeModel(200, 60, 256);
    RecordingListener listener = submit(prompt(150), 9);
    model.failWhen(input -> input.spans().get(0).start() >= 64);

    run(loop());

    assertThat(listener.failure).isEqualTo("the model failed on a step, twice");
  }

  @Test
  void whatNoSequenceIsToBlameForEndsTheEngineAndIsTold() throws Exception {
    CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    OutOfMemoryError planted = new OutOfMemoryError("planted");
    submit(prompt(3), 9);
    model.failWhen(input -> {
      throw planted;
    });

    assertThat(inbox.isEngineDead()).isFalse();

    try (EngineThread engine = EngineThread.start(loop(), inbox, model, fatal::complete)) {
      assertThat(engine).isNotNull();
      assertThat(fatal.get(60, TimeUnit.SECONDS)).isSameAs(planted);
      assertThat(inbox.isEngineDead()).isTrue();
    }
    assertThat(model.isClosed()).isTrue();
  }

  @Test
  void aModelThatFailsOnEveryRequestEndsTheEngineAndTheLastIsNotTold() {
    model.failWhen(input -> true);
    EngineLoop loop = loop();
    for (int i = 0; i < 15; i++) {
      RecordingListener told = submit(prompt(3), 9);
      run(loop);
      assertThat(told.failure).isEqualTo("the model failed on a step, twice");
    }
    RecordingListener last = submit(prompt(3), 9);

    assertThatThrownBy(loop::step).hasMessageContaining("16 requests in a row failed on the model");

    assertThat(last.isDone()).isFalse();
  }

  @Test
  void aModelThatFailsOnEachOfSeveralRequestsEndsTheEngineBeforeAnyIsTold() {
    List<RecordingListener> listeners =
        List.of(submit(prompt(3), 9), submit(prompt(3), 9), submit(prompt(4), 9));
    EngineLoop loop = loop();
    loop.step();
    model.failWhen(input -> true);

    assertThatThrownBy(loop::step).hasMessageContaining("each of its 3 requests");

    assertThat(listeners).noneMatch(RecordingListener::isDone);
    assertThat(listeners).allSatisfy(each -> assertThat(each.tokens).hasSize(1));
  }

  @Test
  void aRequestAllOfWhoseChoicesFailFailsAlone() {
    int[] prompt = prompt(3);
    List<RecordingListener> choices = List.of(new RecordingListener(), new RecordingListener());
    for (int choice = 0; choice < choices.size(); choice++) {
      inbox.offer(new GenerationRequest(
          "test",
          prompt,
          9,
          Set.of(),
          SamplingParameters.GREEDY,
          choices.get(choice),
          choice,
          "",
          PrefixReuse.UNSALTED));
    }
    model.failWhen(input -> input.spans().get(0).start() >= prompt.length);

    run(loop());

    assertThat(choices)
        .allSatisfy(
            each -> assertThat(each.failure).isEqualTo("the model failed on a step, twice"));
  }

  @Test
  void failuresBetweenWhichOthersGoOnDoNotEndTheEngine() {
    model.failWhen(EngineFailureTest::isPoisoned);
    EngineLoop loop = loop();
    for (int i = 0; i < 40; i++) {
      RecordingListener culprit = submit(new int[] {1, POISON}, 9);
      RecordingListener other = submit(prompt(3), 2);
      run(loop);
      assertThat(culprit.failure).isNotNull();
      assertThat(other.failure).isNull();
    }
  }

  @Test
  void aPlaceWithWhatIsNoNumberIsCleared() {
    model.spoilOnce();
    submit(prompt(3), 9);

    run(loop());

    assertThat(model.cleared())
        .containsExactly(model.steps().get(0).spans().get(0).extent());
  }

  private static boolean isPoisoned(ForwardInput input) {
    return input.spans().stream()
        .flatMapToInt(span -> Arrays.stream(span.tokenIds()))
        .anyMatch(token -> token == POISON);
  }

  private EngineLoop loop() {
    return new EngineLoop(
        inbox, model, new EngineLimits(4, 32, 32), new SimpleMeterRegistry(), Tags.empty());
  }

  private RecordingListener submit(int[] prompt, int maxNewTokens) {
    RecordingListener listener = new RecordingListener();
    inbox.offer(new GenerationRequest(
        "test", prompt, maxNewTokens, Set.of(), SamplingParameters.GREEDY, listener));
    return listener;
  }

  private static void run(EngineLoop loop) {
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

  private List<Integer> expected(int[] prompt, int count) {
    return FakeModel.answer(prompt, count, model.shape().windowTokens());
  }
}
