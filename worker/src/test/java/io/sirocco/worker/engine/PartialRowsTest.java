package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.RowForm;
import io.sirocco.worker.model.WrappedModel;
import io.sirocco.worker.sampling.SamplingParameters;
import io.sirocco.worker.sampling.SamplingParametersBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of answers that look at the likeliest tokens alone, the other logits are not asked for. */
class PartialRowsTest {
  private static final int CONTEXT = 200;
  private static final int TOKENS = 20;
  private static final int LIST_LENGTH = 24;
  private static final List<SamplingParameters> WHOLE = List.of(
      drawn().build(),
      drawn().topK(5).logProbabilities(true).build(),
      drawn().topK(5).repetitionPenalty(0.8).build(),
      greedy().logProbabilities(true).build(),
      greedy().logitBias(Map.of(5, 100f)).build());
  private static final List<SamplingParameters> SHORT = List.of(
      greedy().repetitionPenalty(1.3).build(),
      greedy().frequencyPenalty(0.5).build(),
      greedy().presencePenalty(0.5).build(),
      greedy().noRepeatNgramSize(2).build(),
      greedy().minTokens(4).build(),
      drawn().topK(5).build(),
      drawn().temperature(0.7).topP(0.8).build(),
      drawn().temperature(1.3).minP(0.1).build(),
      drawn().topK(10).topP(0.9).minP(0.02).build(),
      drawn().topP(0.7).presencePenalty(0.5).frequencyPenalty(0.2).build(),
      drawn().topK(8).repetitionPenalty(1.2).build());

  private final EngineInbox inbox = new EngineInbox(64);

  private static SamplingParametersBuilder greedy() {
    return SamplingParameters.builder().temperature(0);
  }

  private static SamplingParametersBuilder drawn() {
    return SamplingParameters.builder().seed(3);
  }

  @Test
  void theTokensAreThoseOfWholeRows() {
    List<SamplingParameters> asked = new ArrayList<>();
    WHOLE.forEach(ignored -> asked.add(SamplingParameters.GREEDY));
    asked.addAll(SHORT);
    asked.addAll(WHOLE);
    SparingModel model = new SparingModel(new SpreadModel(), LIST_LENGTH);

    List<List<Integer>> found = answers(model, asked);

    assertThat(found).isEqualTo(answers(new SpreadModel(), asked));
    assertThat(found).allSatisfy(tokens -> assertThat(tokens).hasSize(TOKENS));
    assertThat(model.given(RowForm.LIKELIEST)).isEqualTo(WHOLE.size() * TOKENS);
    assertThat(model.given(RowForm.WHOLE)).isEqualTo(WHOLE.size() * TOKENS);
    assertThat(model.given(RowForm.SHORTLIST)).isEqualTo(SHORT.size() * TOKENS);
    assertThat(model.fetched()).isBetween(1, SHORT.size() * TOKENS / 4);
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
  void rowsThatCannotBeFetchedFailTheirAnswersAlone() {
    SparingModel model = new SparingModel(new SpreadModel(), 2);
    model.loseRows();
    RecordingListener undecided = submit(1, drawn().topP(0.99).build(), 0);
    RecordingListener other = submit(2, SamplingParameters.GREEDY, 0);

    run(model);

    assertThat(undecided.failure).isEqualTo("the model failed on a step");
    assertThat(other.tokens).hasSize(TOKENS);
  }

  @Test
  void allChoicesGoOnFromIt() {
    List<RecordingListener> choices = choices(4, SamplingParameters.GREEDY);

    run(new SparingModel(new FakeModel(16, CONTEXT), LIST_LENGTH));

    assertThat(choices)
        .allSatisfy(listener ->
            assertThat(listener.tokens).isEqualTo(FakeModel.answer(prompt(20), TOKENS, CONTEXT)));
  }

  private List<RecordingListener> choices(int count, SamplingParameters sampling) {
    int[] prompt = prompt(20);
    List<RecordingListener> choices = new ArrayList<>();
    List<GenerationRequest> requests = new ArrayList<>();
    for (int choice = 0; choice < count; choice++) {
      choices.add(new RecordingListener());
      requests.add(request(prompt, sampling, choices.get(choice), choice));
    }
    inbox.offer(requests);
    return choices;
  }

  @Test
  void choicesThatAreDrawnShareARow() {
    List<RecordingListener> choices = choices(8, drawn().topP(0.8).build());
    SparingModel model = new SparingModel(new SpreadModel(), LIST_LENGTH);
    run(model);
    List<RecordingListener> wanted = choices(8, drawn().topP(0.8).build());
    run(new SpreadModel());

    assertThat(choices.stream().map(listener -> listener.tokens).toList())
        .isEqualTo(wanted.stream().map(listener -> listener.tokens).toList())
        .doesNotHaveDuplicates();
    assertThat(model.given(RowForm.SHORTLIST)).isEqualTo(8 * TOKENS - 7);
  }

  @ParameterizedTest
  @MethodSource("partial")
  void aLogitThatIsNoNumberEndsTheAnswer(SamplingParameters sampling) {
    FakeModel model = new FakeModel(16, CONTEXT);
    model.spoilOnce();
    RecordingListener listener = submit(3, sampling, 0);

    run(new SparingModel(model, LIST_LENGTH));

    assertThat(listener.failure).isEqualTo("the model computed a logit that is no number");
  }

  static Stream<SamplingParameters> partial() {
    return Stream.concat(Stream.of(SamplingParameters.GREEDY), SHORT.stream());
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

  /** Beside the token that follows there are others, no two of them as likely. */
  private static final class SpreadModel extends WrappedModel {
    SpreadModel() {
      super(new FakeModel(24, CONTEXT));
    }

    @Override
    public LogitsBatch forward(ForwardInput input) throws ModelStepException {
      LogitsBatch logits = super.forward(input);
      float[] values = logits.values();
      for (int row = 0; row < logits.rows(); row++) {
        int begin = logits.offset(row);
        int next = 0;
        while (values[begin + next] == 0) {
          next++;
        }
        Random random = new Random(next);
        for (int i = begin; i < begin + logits.vocabularySize(); i++) {
          values[i] = 3 * values[i] + 2 * (float) random.nextGaussian();
        }
      }
      return logits;
    }
  }
}
