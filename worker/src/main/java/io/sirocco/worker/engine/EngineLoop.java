package io.sirocco.worker.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.kvcache.SlotPool;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.sampling.SamplingOutcome;
import io.sirocco.worker.sampling.SamplingScratch;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns requests into tokens, one step of the model at a time.
 *
 * <p>A step takes in what was submitted and cancelled, computes what the scheduler planned, samples a
 * token for every sequence whose cache is complete, and tells the listeners. A step that fails ends
 * its sequences and no others.
 *
 * <p>Confined to the engine thread; a test can step it on its own.
 */
public final class EngineLoop {
  private static final Logger log = LoggerFactory.getLogger(EngineLoop.class);

  private final EngineInbox inbox;
  private final CausalModel model;
  private final Scheduler scheduler;
  private final EngineMetrics metrics;
  private final SamplingScratch scratch;
  private final List<GenerationRequest> drained = new ArrayList<>();

  /**
   * Makes a loop with nothing to do.
   *
   * @param maxBatchedTokens the most tokens computed in one step, see the scheduler
   * @param tags tell this engine's meters from those of others in the registry
   */
  public EngineLoop(
      EngineInbox inbox,
      CausalModel model,
      int maxBatchedTokens,
      MeterRegistry registry,
      Tags tags) {
    this.inbox = inbox;
    this.model = model;
    this.scheduler = new Scheduler(new SlotPool(model.shape().slots()), maxBatchedTokens);
    this.metrics = new EngineMetrics(registry, tags);
    this.scratch = new SamplingScratch(model.shape().vocabularySize());
  }

  /** Does one step; false when there was nothing to compute. */
  public boolean step() {
    takeIn();
    StepPlan plan = scheduler.plan();
    metrics.sequences(scheduler.runningCount(), inbox.size());
    if (plan.isEmpty()) {
      return false;
    }
    try {
      LogitsBatch logits = metrics.step(() -> model.forward(plan.forwardInput()));
      deliver(plan, logits);
    } catch (ModelStepException e) {
      log.error("step failed requests={}", plan.requestIds(), e);
      plan.slices().forEach(slice -> fail(slice.sequence(), "the model failed on a step"));
    }
    return true;
  }

  private void takeIn() {
    // No more than can run: what waits, waits in the inbox, where it holds back whoever submits.
    int room = model.shape().slots() - scheduler.runningCount() - scheduler.waitingCount();
    inbox.drainTo(drained, room);
    drained.forEach(request -> scheduler.add(new Sequence(request)));
    drained.clear();
    inbox.drainCancelledTo(drained);
    drained.forEach(this::cancel);
    drained.clear();
  }

  private void cancel(GenerationRequest request) {
    Sequence sequence = scheduler.find(request);
    if (sequence != null) {
      scheduler.remove(sequence);
    }
  }

  private void deliver(StepPlan plan, LogitsBatch logits) {
    int row = 0;
    for (StepPlan.Slice slice : plan.slices()) {
      boolean samples = slice.samples();
      slice.sequence().advance(slice.tokens());
      metrics.computed(slice.tokens());
      if (samples) {
        append(slice.sequence(), logits, row++);
      }
    }
  }

  private void append(Sequence sequence, LogitsBatch logits, int row) {
    SamplingOutcome outcome = sequence.sample(logits.values(), logits.offset(row), scratch);
    if (!(outcome instanceof SampledToken sampled)) {
      fail(sequence, "the model computed a logit that is no number");
      return;
    }
    metrics.generated();
    try {
      GenerationEnd end = sequence.append(sampled.tokenId());
      if (end != null) {
        scheduler.remove(sequence);
        sequence.request().listener().finished(end);
      }
    } catch (RuntimeException e) {
      log.error("answer failed request={}", sequence.request().id(), e);
      fail(sequence, "the worker could not decode the answer");
    }
  }

  private void fail(Sequence sequence, String message) {
    scheduler.remove(sequence);
    sequence.request().listener().failed(message);
  }
}
