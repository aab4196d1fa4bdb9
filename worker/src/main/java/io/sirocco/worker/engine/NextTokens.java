package io.sirocco.worker.engine;

import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.model.Likeliest;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.sampling.BatchSampler;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.sampling.SamplingOutcome;
import io.sirocco.worker.sampling.UnusableLogits;
import java.util.Iterator;
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
    List<BatchSampler.Row> whole = wanted.stream()
        .filter(row -> logits.likeliest(row.number()) == null)
        .map(row -> new BatchSampler.Row(row.sequence().sampler(), logits.offset(row.number())))
        .toList();
    Iterator<SamplingOutcome> sampled = sampler.sample(logits.values(), whole).iterator();
    for (Row row : wanted) {
      Likeliest likeliest = logits.likeliest(row.number());
      append(row.sequence(), likeliest == null ? sampled.next() : outcome(likeliest));
    }
    for (Row row : rows) {
      if (!row.isWanted()) {
        finish(row.sequence(), GenerationEnd.LENGTH);
      }
    }
  }

  private static SamplingOutcome outcome(Likeliest likeliest) {
    return Float.isFinite(likeliest.logit())
        ? new SampledToken(likeliest.tokenId(), null)
        : new UnusableLogits(likeliest.logit());
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
