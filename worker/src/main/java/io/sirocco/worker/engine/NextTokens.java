package io.sirocco.worker.engine;

import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.sampling.BatchSampler;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.sampling.SamplingOutcome;
import java.util.List;
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
  private final BatchSampler sampler;
  private final EngineMetrics metrics;

  NextTokens(Scheduler scheduler, BatchSampler sampler, EngineMetrics metrics) {
    this.scheduler = scheduler;
    this.sampler = sampler;
    this.metrics = metrics;
  }

  /**
   * A sequence, and where its row of logits begins.
   *
   * <p>Immutable.
   */
  record Row(Sequence sequence, int offset) {
    boolean isWanted() {
      return sequence.request().maxNewTokens() > 0;
    }

    BatchSampler.Row toBeSampled() {
      return new BatchSampler.Row(sequence.sampler(), offset);
    }
  }

  /** Chooses tokens from {@code logits}; prompts that nothing is to follow are complete. */
  void choose(float[] logits, List<Row> rows) {
    List<Row> wanted = rows.stream().filter(Row::isWanted).toList();
    List<SamplingOutcome> outcomes =
        sampler.sample(logits, wanted.stream().map(Row::toBeSampled).toList());
    for (int i = 0; i < wanted.size(); i++) {
      append(wanted.get(i).sequence(), outcomes.get(i));
    }
    for (Row row : rows) {
      if (!row.isWanted()) {
        finish(row.sequence(), GenerationEnd.LENGTH);
      }
    }
  }

  private void append(Sequence sequence, SamplingOutcome outcome) {
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
