package io.sirocco.worker.engine;

import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.sampling.BatchSampler;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.sampling.SamplingOutcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the next token of each sequence whose cache is complete, and lets those leave that end.
 *
 * <p>Confined to the engine thread; the sampler may have others help.
 */
final class NextTokens {
  private static final Logger log = LoggerFactory.getLogger(NextTokens.class);

  private final Scheduler scheduler;
  private final RowSampler sampler;
  private final EngineMetrics metrics;

  NextTokens(Scheduler scheduler, BatchSampler sampler, EngineMetrics metrics) {
    this.scheduler = scheduler;
    this.sampler = new RowSampler(sampler);
    this.metrics = metrics;
  }

  /**
   * A sequence, and the number of its row of logits.
   *
   * <p>Immutable.
   */
  record Row(Sequence sequence, int number) {
    boolean isWanted() {
      return sequence.request().maxNewTokens() > 0;
    }
  }

  /** Chooses tokens from {@code logits}; prompts that nothing is to follow are complete. */
  void choose(LogitsBatch logits, List<Row> rows) {
    List<Row> wanted = rows.stream().filter(Row::isWanted).toList();
    Map<Sequence, SamplingOutcome> outcomes = sampler.sample(logits, wanted);
    for (Row row : wanted) {
      append(row.sequence(), outcomes.get(row.sequence()));
    }
    for (Row row : rows) {
      if (!row.isWanted()) {
        finish(row.sequence(), GenerationEnd.LENGTH);
      }
    }
  }

  private void append(Sequence sequence, @Nullable SamplingOutcome outcome) {
    if (outcome == null) {
      fail(sequence, "the model failed on a step");
      return;
    }
    if (!(outcome instanceof SampledToken sampled)) {
      fail(sequence, "the model computed a logit that is no number");
      return;
    }
    metrics.generated();
    try {
      GenerationEnd end = sequence.append(sampled);
      if (end != null) {
        finish(sequence, end);
      }
    } catch (RuntimeException e) {
      log.error("answer failed request={}", sequence.request().id(), e);
      fail(sequence, "the worker could not decode the answer");
    }
  }

  private void finish(Sequence sequence, GenerationEnd end) {
    scheduler.retire(sequence);
    sequence.request().listener().finished(end);
  }

  private void fail(Sequence sequence, String message) {
    scheduler.discard(sequence);
    sequence.request().listener().failed(message);
  }
}
