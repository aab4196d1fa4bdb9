package io.sirocco.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineBenchTest {
  private static final int VOCABULARY = 10;

  private final ClockedModel model = new ClockedModel();

  private EngineBench bench(int repetitions) {
    return new EngineBench(model, repetitions, () -> model.nanos);
  }

  @Test
  void decodeCountsTheTokensOfAllSequencesAndLeavesPromptsOut() throws Exception {
    model.nanosPerStep = 2_000_000;

    Spread rates = bench(3).decode(new DecodeLoad(4, 8, 5));

    assertThat(rates).isEqualTo(new Spread(2000, 2000, 2000));
  }

  @Test
  void firstRepetitionIsNotCounted() throws Exception {
    model.nanosPerStep = 1_000_000;
    model.nanosOfFirst = 50_000_000;

    assertThat(bench(2).prefill(16)).isEqualTo(new Spread(16_000, 16_000, 16_000));
    assertThat(model.inputs).hasSize(3);
  }

  @Test
  void eachTokenIsTheLikeliestAfterTheOneBefore() throws Exception {
    bench(1).decode(new DecodeLoad(2, 0, 3));

    List<Integer> first =
        model.inputs.stream().map(input -> input.spans().get(0).tokenIds()[0]).toList();
    assertThat(first.get(1)).isEqualTo((first.get(0) + 1) % VOCABULARY);
    assertThat(first.get(2)).isEqualTo((first.get(1) + 1) % VOCABULARY);
  }

  @Test
  void repetitionsGoOnFromTheSamePrompt() throws Exception {
    bench(2).decode(new DecodeLoad(1, 4, 2));

    assertThat(model.inputs)
        .extracting(input -> input.spans().get(0).start())
        .containsExactly(0, 4, 5, 4, 5, 4, 5);
  }

  @Test
  void sequencesHavePlacesOfTheirOwn() throws Exception {
    bench(1).decode(new DecodeLoad(3, 6, 2));

    ForwardInput step = model.inputs.get(model.inputs.size() - 1);
    assertThat(step.spans())
        .extracting(Span::extent)
        .containsExactly(new Extent(0, 8), new Extent(8, 8), new Extent(16, 8));
  }

  @Test
  void interruptionEndsAMeasurementBeforeTheNextStep() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> bench(1).prefill(16)).isInstanceOf(InterruptedException.class);
    assertThat(model.inputs).isEmpty();
  }

  @Test
  void noRepetitionIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bench(0))
        .withMessage("expected at least 1 repetition, found 0");
  }

  /** Says that the next token is the last one plus one, and moves the clock at each step. */
  private static final class ClockedModel implements CausalModel {
    private final List<ForwardInput> inputs = new ArrayList<>();
    private long nanos;
    private long nanosPerStep = 1;
    private long nanosOfFirst;

    @Override
    public ModelShape shape() {
      return new ModelShape(VOCABULARY, 64, 64, 64);
    }

    @Override
    public LogitsBatch forward(ForwardInput input) {
      nanos += inputs.isEmpty() && nanosOfFirst > 0 ? nanosOfFirst : nanosPerStep;
      inputs.add(input);
      float[] logits = new float[input.logitsRows() * VOCABULARY];
      int row = 0;
      for (Span span : input.spans()) {
        int last = span.tokenIds()[span.tokenIds().length - 1];
        logits[row++ * VOCABULARY + (last + 1) % VOCABULARY] = 1;
      }
      return new LogitsBatch(logits, VOCABULARY);
    }

    @Override
    public void clear(Extent place) {}

    @Override
    public void copy(Extent from, Extent to, int tokens) {
      throw new UnsupportedOperationException("no measurement copies");
    }

    @Override
    public void close() {}
  }
}
