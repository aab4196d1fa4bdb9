package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What several choices for one prompt cost, and that each is an answer of its own. */
class EngineChoicesTest {
  private static final int CONTEXT = 500;
  private static final int CHOICES = 8;

  private final FakeModel model = new FakeModel(CHOICES, CONTEXT);
  private final EngineInbox inbox = new EngineInbox(CHOICES);
  private final List<RecordingListener> listeners = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 17, 300})
  void thePromptIsComputedOnce(int length) {
    offer(prompt(length), 5, PrefixReuse.UNSALTED);

    run(CHOICES);

    assertThat(model.computedTokens()).isEqualTo(length + CHOICES * 4);
    assertAllAnswered(prompt(length), 5);
  }

  @Test
  void thePromptIsComputedOnceByThoseWhoShareWithNobodyElse() {
    offer(prompt(300), 5, PrefixReuse.NONE);

    run(CHOICES);

    assertThat(model.computedTokens()).isEqualTo(300 + CHOICES * 4);
    assertThat(listeners).extracting(listener -> listener.cachedTokens).containsOnly(0, 300);
    assertAllAnswered(prompt(300), 5);
  }

  @Test
  void eachRoundOfSequencesComputesTheLastTokenAgainAndNoMore() {
    offer(prompt(300), 5, PrefixReuse.UNSALTED);

    run(3);

    assertThat(model.computedTokens()).isEqualTo(300 + 2 + CHOICES * 4);
    assertAllAnswered(prompt(300), 5);
  }

  @Test
  void aPromptThatNothingFollowsIsComputedOnce() {
    offer(prompt(300), 0, PrefixReuse.UNSALTED);

    run(CHOICES);

    assertThat(model.computedTokens()).isEqualTo(300);
    assertThat(listeners).extracting(listener -> listener.end).containsOnly(GenerationEnd.LENGTH);
    assertThat(listeners).allSatisfy(listener -> assertThat(listener.tokens).isEmpty());
  }

  @Test
  void whenTheFirstLeavesTheNextComputesThePrompt() {
    List<GenerationRequest> choices = offer(prompt(300), 5, PrefixReuse.UNSALTED);
    EngineLoop loop = loop(CHOICES);
    loop.step();

    inbox.cancel(choices.get(0));
    run(loop);

    listeners.remove(0);
    assertAllAnswered(prompt(300), 5);
  }

  @Test
  void copiesThatFailCostTimeAndNoMore() {
    model.failCopies();
    offer(prompt(300), 5, PrefixReuse.UNSALTED);

    run(CHOICES);

    assertAllAnswered(prompt(300), 5);
  }

  @Test
  void aLogitThatIsNoNumberEndsAllWhoGoOnFromIt() {
    offer(prompt(20), 5, PrefixReuse.UNSALTED);
    model.spoilOnce();

    run(CHOICES);

    assertThat(listeners)
        .extracting(listener -> listener.failure)
        .containsOnly("the model computed a logit that is no number");
  }

  @Test
  void eachIsDrawnAnew() {
    SamplingParameters drawn = SamplingParameters.builder().seed(7).build();
    offer(prompt(20), 9, PrefixReuse.UNSALTED, drawn);

    run(CHOICES);

    Set<List<Integer>> answers = new HashSet<>();
    listeners.forEach(listener -> answers.add(listener.tokens));
    assertThat(answers).hasSize(CHOICES);
  }

  private List<GenerationRequest> offer(int[] prompt, int maxNewTokens, PrefixReuse reuse) {
    return offer(prompt, maxNewTokens, reuse, SamplingParameters.GREEDY);
  }

  private List<GenerationRequest> offer(
      int[] prompt, int maxNewTokens, PrefixReuse reuse, SamplingParameters sampling) {
    List<GenerationRequest> choices = IntStream.range(0, CHOICES)
        .mapToObj(choice -> {
          listeners.add(new RecordingListener());
          return new GenerationRequest(
              "test",
              prompt,
              maxNewTokens,
              Set.of(),
              sampling,
              listeners.get(choice),
              choice,
              "",
              reuse);
        })
        .toList();
    assertThat(inbox.offer(choices)).isTrue();
    return choices;
  }

  private void assertAllAnswered(int[] prompt, int maxNewTokens) {
    List<Integer> expected =
        FakeModel.answer(prompt, maxNewTokens, model.shape().windowTokens());
    assertThat(listeners)
        .allSatisfy(listener -> assertThat(listener.tokens).isEqualTo(expected))
        .allSatisfy(listener -> assertThat(listener.admissions).isEqualTo(1));
  }

  private EngineLoop loop(int sequences) {
    return new EngineLoop(
        inbox,
        model,
        new EngineLimits(sequences, 100, 16),
        new SimpleMeterRegistry(),
        Tags.empty());
  }

  private void run(int sequences) {
    run(loop(sequences));
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
}
