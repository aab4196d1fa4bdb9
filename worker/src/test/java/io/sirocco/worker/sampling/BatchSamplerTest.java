package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class BatchSamplerTest {
  private static final float[] LOGITS = {1, 2, 3, 9, 8, 7};

  private final List<Runnable> handedOver = new ArrayList<>();

  @Test
  void greedyRowsAreNotHandedOver() {
    assertThat(batch().sample(LOGITS, rows(20, SamplingParameters.GREEDY))).hasSize(20);

    assertThat(handedOver).isEmpty();
  }

  @Test
  void fewRowsAreNotHandedOver() {
    assertThat(batch().sample(LOGITS, rows(3, SamplingParameters.builder().build())))
        .hasSize(3);

    assertThat(handedOver).isEmpty();
  }

  @Test
  void theCallerDoesAllWhenNobodyComes() {
    List<BatchSampler.Row> rows = rows(6, SamplingParameters.builder().topK(1).build());

    List<SamplingOutcome> outcomes = batch().sample(LOGITS, rows);

    assertThat(outcomes)
        .containsExactlyElementsOf(Collections.nCopies(6, new SampledToken(2, null)));
    assertThat(handedOver).hasSize(2);
  }

  @Test
  void whoComesLateTouchesNothing() {
    BatchSampler batch = batch();
    List<BatchSampler.Row> rows = rows(6, SamplingParameters.builder().topK(1).build());
    List<SamplingOutcome> outcomes = List.copyOf(batch.sample(LOGITS, rows));

    handedOver.forEach(Runnable::run);

    assertThat(batch.sample(LOGITS, rows)).isEqualTo(outcomes);
  }

  @Test
  void rowsHaveTheirOutcomesInTheirOrder() {
    SamplingParameters parameters = SamplingParameters.builder().topK(1).build();
    List<BatchSampler.Row> rows = new ArrayList<>(rows(4, parameters));
    rows.add(2, new BatchSampler.Row(new Sampler(parameters, 0, new int[0], Set.of()), 3));

    assertThat(batch().sample(LOGITS, rows))
        .extracting(outcome -> ((SampledToken) outcome).tokenId())
        .containsExactly(2, 2, 0, 2, 2);
  }

  @Test
  void aFaultReachesTheCallerWhenAllOthersAreDone() {
    List<BatchSampler.Row> rows =
        new ArrayList<>(rows(5, SamplingParameters.builder().build()));
    rows.add(0, new BatchSampler.Row(rows.get(0).sampler(), LOGITS.length));

    assertThatThrownBy(() -> batch().sample(LOGITS, rows))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void noThreadIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BatchSampler(3, 0, handedOver::add))
        .withMessage("expected 1 or more threads, found 0");
  }

  private BatchSampler batch() {
    return new BatchSampler(3, 3, handedOver::add);
  }

  private static List<BatchSampler.Row> rows(int count, SamplingParameters parameters) {
    List<BatchSampler.Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new BatchSampler.Row(new Sampler(parameters, 0, new int[0], Set.of()), 0));
    }
    return rows;
  }
}
