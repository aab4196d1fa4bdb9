package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the engine does with the room of the cache, and with what is left in it. */
class EngineCacheTest {
  private static final int CONTEXT = 500;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final EngineInbox inbox = new EngineInbox(32);
  private FakeModel model = new FakeModel(2, CONTEXT);
  private @Nullable EngineLoop loop;

  @Test
  void theNextTurnOfAConversationIsComputedFromWhereTheLastOneEnded() {
    int[] prompt = prompt(100, 1);
    RecordingListener first = submit(prompt, 20);
    run();
    long before = model.computedTokens();

    int[] next = join(prompt, first.tokens, prompt(10, 2));
    RecordingListener second = submit(next, 5);
    run();

    assertThat(second.cachedTokens).isEqualTo(119); // The last token was never computed.
    assertThat(second.tokens).isEqualTo(expected(next, 5));
    assertThat(model.computedTokens() - before).isEqualTo(next.length - 119 + 4);
    assertThat(registry.get("sirocco.prefix.cache.hits").functionCounter().count())
        .isEqualTo(119);
  }

  @Test
  void theSamePromptIsComputedButForItsLastToken() {
    submit(prompt(100, 1), 1);
    run();

    RecordingListener again = submit(prompt(100, 1), 1);
    run();

    assertThat(again.cachedTokens).isEqualTo(99);
    assertThat(again.tokens).isEqualTo(expected(prompt(100, 1), 1));
  }

  @Test
  void aPrefixIsTakenFromASequenceThatRuns() {
    RecordingListener running = submit(prompt(100, 1), 50);
    step(10);

    int[] alike = join(prompt(100, 1), List.of(), prompt(10, 7));
    RecordingListener second = submit(alike, 5);
    run();

    assertThat(second.cachedTokens).isEqualTo(100);
    assertThat(second.tokens).isEqualTo(expected(alike, 5));
    assertThat(running.tokens).isEqualTo(expected(prompt(100, 1), 50));
  }

  @Test
  void reuseNeverCrossesASalt() {
    List<PrefixReuse> strangers = List.of(
        new PrefixReuse(true, "a"),
        new PrefixReuse(true, "b"),
        PrefixReuse.UNSALTED,
        PrefixReuse.NONE,
        PrefixReuse.NONE);

    model = new FakeModel(8, CONTEXT);
    List<RecordingListener> listeners =
        strangers.stream().map(reuse -> submit(prompt(100, 1), 5, 0, reuse)).toList();
    run();
    RecordingListener friend = submit(prompt(100, 1), 5, 0, new PrefixReuse(true, "b"));
    run();

    assertThat(listeners).extracting(listener -> listener.cachedTokens).containsOnly(0);
    assertThat(friend.cachedTokens).isEqualTo(99);
  }

  @Test
  void whoCameLastGivesItsPlaceToWhoCameFirstAndNobodyHearsOfIt() {
    model = new FakeModel(1, CONTEXT); // 512 tokens
    RecordingListener first = submit(prompt(90, 1), 300, 0, PrefixReuse.NONE);
    RecordingListener last = submit(prompt(90, 2), 300, 0, PrefixReuse.NONE);

    run();

    assertThat(first.tokens).isEqualTo(expected(prompt(90, 1), 300));
    assertThat(last.tokens).isEqualTo(expected(prompt(90, 2), 300));
    assertThat(last.admissions).isEqualTo(1);
    assertThat(registry.get("sirocco.num.preemptions").functionCounter().count())
        .isPositive();
  }

  @Test
  void whatIsRememberedGoesBeforeAnybodyIsPreempted() {
    model = new FakeModel(2, CONTEXT);
    for (int i = 0; i < 8; i++) {
      submit(prompt(90, i), 1);
    }
    run();
    assertThat(registry.get("sirocco.kv.cache.remembered.perc").gauge().value()).isEqualTo(1);

    RecordingListener listener = submit(prompt(400, 99), 90);
    run();

    assertThat(listener.tokens).isEqualTo(expected(prompt(400, 99), 90));
    assertThat(registry.get("sirocco.num.preemptions").functionCounter().count())
        .isZero();
  }

  @Test
  void aWindowKeepsAPlaceSmall() {
    model = new FakeModel(CONTEXT, 100, 128);
    RecordingListener listener = submit(prompt(20, 1), 400);

    run();

    assertThat(listener.tokens).isEqualTo(expected(prompt(20, 1), 400));
  }

  @Test
  void whatWasOverwrittenBeforeAPlaceWasTakenOverIsNotTakenForKept() {
    model = new FakeModel(CONTEXT, 100, 128);
    submit(prompt(200, 1), 1);
    run();

    assertOverwrittenIsNotReused();
  }

  @Test
  void whatWasOverwrittenBeforeAPlaceWasCopiedIsNotTakenForKept() {
    model = new FakeModel(CONTEXT, 100, 512);
    submit(prompt(200, 1), 200);
    step(4);

    assertOverwrittenIsNotReused();
  }

  /** Of 200 tokens, those before the 72nd are not there any more. */
  private void assertOverwrittenIsNotReused() {
    int[] nearEnd = join(Arrays.copyOf(prompt(200, 1), 180), List.of(), prompt(3, 7));
    RecordingListener second = submit(nearEnd, 1);
    step(2);
    int[] tooFarBack = join(Arrays.copyOf(nearEnd, 160), List.of(), prompt(3, 8));
    RecordingListener third = submit(tooFarBack, 1);
    run();

    assertThat(second.cachedTokens).isEqualTo(180);
    assertThat(second.tokens).isEqualTo(expected(nearEnd, 1));
    assertThat(third.cachedTokens).isZero();
    assertThat(third.tokens).isEqualTo(expected(tooFarBack, 1));
  }

  @Test
  void whatCanNeverHaveRoomIsRefused() {
    model = new FakeModel(CONTEXT, CONTEXT, 256);
    RecordingListener listener = submit(prompt(20, 1), 400);

    run();

    assertThat(listener.failure)
        .isEqualTo("expected a prompt and an answer of at most 256 tokens, found 420");
  }

  @Test
  void aCopyThatFailsCostsTimeAndNoMore() {
    model.failCopies();
    RecordingListener grows = submit(prompt(90, 1), 300);
    step(3);
    RecordingListener alike = submit(prompt(100, 1), 30);

    run();

    assertThat(grows.tokens).isEqualTo(expected(prompt(90, 1), 300));
    assertThat(alike.tokens).isEqualTo(expected(prompt(100, 1), 30));
  }

  @Test
  void promptsTakeASmallShareOfStepsWithAnswers() {
    submit(prompt(10, 1), 50);
    step(2);
    submit(prompt(300, 2), 5);

    run();

    assertThat(model.steps())
        .extracting(ForwardInput::tokens)
        .contains(1 + 16)
        .doesNotContain(17 + 1);
  }

  private RecordingListener submit(int[] prompt, int maxNewTokens) {
    return submit(prompt, maxNewTokens, 0, PrefixReuse.UNSALTED);
  }

  private RecordingListener submit(int[] prompt, int maxNewTokens, int choice, PrefixReuse reuse) {
    RecordingListener listener = new RecordingListener();
    inbox.offer(new GenerationRequest(
        "test",
        prompt,
        maxNewTokens,
        Set.of(),
        SamplingParameters.GREEDY,
        listener,
        choice,
        "",
        reuse));
    return listener;
  }

  private EngineLoop loop() {
    if (loop == null) {
      loop = new EngineLoop(inbox, model, new EngineLimits(8, 100, 16), registry, Tags.empty());
    }
    return loop;
  }

  private void step(int steps) {
    for (int i = 0; i < steps; i++) {
      loop().step();
    }
  }

  private void run() {
    int steps = 0;
    while (loop().step()) {
      assertThat(steps++).isLessThan(10_000);
    }
  }

  private static int[] prompt(int length, int salt) {
    int[] prompt = new int[length];
    Arrays.setAll(prompt, i -> (i * 31 + salt) % FakeModel.VOCABULARY);
    return prompt;
  }

  private static int[] join(int[] first, List<Integer> second, int[] third) {
    IntStream middle = second.stream().mapToInt(token -> token);
    IntStream head = IntStream.concat(Arrays.stream(first), middle);
    return IntStream.concat(head, Arrays.stream(third)).toArray();
  }

  private List<Integer> expected(int[] prompt, int count) {
    return FakeModel.answer(prompt, count, model.shape().windowTokens());
  }
}
