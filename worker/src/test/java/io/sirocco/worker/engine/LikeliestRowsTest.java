package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.sampling.SamplingParameters;
import io.sirocco.worker.sampling.SamplingParametersBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of answers that look at nothing but the likeliest token, the other logits are not asked for. */
class LikeliestRowsTest {
  private static final int CONTEXT = 200;
  private static final int TOKENS = 20;
  private static final List<SamplingParameters> OTHERS = List.of(
      SamplingParameters.builder().seed(3).build(),
      greedy().logProbabilities(true).build(),
      greedy().logitBias(Map.of(5, 100f)).build(),
      greedy().repetitionPenalty(1.3).build(),
      greedy().frequencyPenalty(0.5).build(),
      greedy().presencePenalty(0.5).build(),
      greedy().noRepeatNgramSize(2).build(),
      greedy().minTokens(4).build());

  private final EngineInbox inbox = new EngineInbox(64);

  private static SamplingParametersBuilder greedy() {
    return SamplingParameters.builder().temperature(0);
  }

  @Test
  void theTokensAreThoseOfWholeRows() {
    List<SamplingParameters> asked = new ArrayList<>(OTHERS);
    OTHERS.forEach(ignored -> asked.add(SamplingParameters.GREEDY));
    LikeliestModel model = new LikeliestModel(new FakeModel(16, CONTEXT));

    List<List<Integer>> found = answers(model, asked);

    assertThat(found).isEqualTo(answers(new FakeModel(16, CONTEXT), asked));
    assertThat(found).allSatisfy(tokens -> assertThat(tokens).hasSize(TOKENS));
    assertThat(model.likeliest()).isEqualTo(OTHERS.size() * TOKENS);
    assertThat(model.whole()).isEqualTo(OTHERS.size() * TOKENS);
  }

  private List<List<Integer>> answers(CausalModel model, List<SamplingParameters> asked) {
    List<RecordingListener> listeners = new ArrayList<>();
    for (SamplingParameters sampling : asked) {
      listeners.add(submit(listeners.size() + 1, sampling, 0));
    }
    run(model);
    return listeners.stream().map(listener -> listener.tokens).toList();
  }

  @Test
  void allChoicesGoOnFromIt() {
    int[] prompt = prompt(20);
    List<RecordingListener> choices = new ArrayList<>();
    List<GenerationRequest> requests = new ArrayList<>();
    for (int choice = 0; choice < 4; choice++) {
      choices.add(new RecordingListener());
      requests.add(request(prompt, SamplingParameters.GREEDY, choices.get(choice), choice));
    }
    inbox.offer(requests);

    run(new LikeliestModel(new FakeModel(16, CONTEXT)));

    assertThat(choices)
        .allSatisfy(listener ->
            assertThat(listener.tokens).isEqualTo(FakeModel.answer(prompt, TOKENS, CONTEXT)));
  }

  @Test
  void aLogitThatIsNoNumberEndsTheAnswer() {
    FakeModel model = new FakeModel(16, CONTEXT);
    model.spoilOnce();
    RecordingListener listener = submit(3, SamplingParameters.GREEDY, 0);

    run(new LikeliestModel(model));

    assertThat(listener.failure).isEqualTo("the model computed a logit that is no number");
  }

  private RecordingListener submit(int length, SamplingParameters sampling, int choice) {
    RecordingListener listener = new RecordingListener();
    assertThat(inbox.offer(request(prompt(length), sampling, listener, choice))).isTrue();
    return listener;
  }

  private static GenerationRequest request(
      int[] prompt, SamplingParameters sampling, RecordingListener listener, int choice) {
    return new GenerationRequest(
        "test", prompt, TOKENS, Set.of(), sampling, listener, choice, "", PrefixReuse.NONE);
  }

  private static int[] prompt(int length) {
    return IntStream.range(0, length).map(i -> 7 * length + i).map(i -> i % 97).toArray();
  }

  private void run(CausalModel model) {
    EngineLoop loop = new EngineLoop(
        inbox, model, new EngineLimits(16, 512, 64), new SimpleMeterRegistry(), Tags.empty());
    int steps = 0;
    while (loop.step()) {
      assertThat(steps++).isLessThan(1000);
    }
  }
}
