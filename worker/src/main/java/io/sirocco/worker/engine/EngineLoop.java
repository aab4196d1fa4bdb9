package io.sirocco.worker.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.sampling.BatchSampler;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns requests into tokens, one step of the model at a time.
 *
 * <p>A step takes in what was submitted and cancelled, computes what the scheduler planned, samples a
 * token for every sequence whose cache is complete, and tells the listeners. When the model fails on
 * a step, the share of each sequence is tried once more, by itself: whoever makes it fail fails
 * alone. When the shares of several requests fail and none succeeds, the fault is taken for the
 * model's: it ends the engine before anybody is told, and other workers may answer. So does whatever
 * else the model throws, and the last of {@value #MOST_FAILURES} requests in a row that fail, each
 * in a step of its own.
 *
 * <p>Confined to the engine thread; a test can step it on its own.
 */
public final class EngineLoop {
  private static final Logger log = LoggerFactory.getLogger(EngineLoop.class);
  private static final int MOST_FAILURES = 16;

  /** What became of a share that was to be tried once more. */
  private enum Repeated {
    SUCCEEDED,
    FAILED,
    /** It is computed from the beginning, later. */
    PUT_OFF
  }

  private final EngineInbox inbox;
  private final CausalModel model;
  private final Places places;
  private final Scheduler scheduler;
  private final EngineLimits limits;
  private final EngineMetrics metrics;
  private final NextTokens nextTokens;
  private final List<GenerationRequest> drained = new ArrayList<>();
  private long arrivals;
  private int failuresInARow;

  /**
   * Makes a loop with nothing to do, which samples on its own thread alone.
   *
   * @see #EngineLoop(EngineInbox, CausalModel, BatchSampler, EngineLimits, MeterRegistry, Tags)
   */
  public EngineLoop(
      EngineInbox inbox,
      CausalModel model,
      EngineLimits limits,
      MeterRegistry registry,
      Tags tags) {
    this(
        inbox,
        model,
        new BatchSampler(model.shape().vocabularySize(), 1, Runnable::run),
        limits,
        registry,
        tags);
  }

  /**
   * Makes a loop with nothing to do.
   *
   * @param sampler of rows as long as the model's
   * @param tags tell this engine's meters from those of others in the registry
   */
  public EngineLoop(
      EngineInbox inbox,
      CausalModel model,
      BatchSampler sampler,
      EngineLimits limits,
      MeterRegistry registry,
      Tags tags) {
    this.inbox = inbox;
    this.model = model;
    this.limits = limits;
    this.places = new Places(model);
    this.scheduler = new Scheduler(places, limits);
    this.metrics = new EngineMetrics(registry, tags, limits, model.shape().cacheTokens());
    this.nextTokens = new NextTokens(scheduler, sampler, metrics);
  }

  /** Does one step; false when there was nothing to compute. */
  public boolean step() {
    takeIn();
    StepPlan plan = scheduler.plan();
    metrics.observe(scheduler, places, inbox.size());
    if (plan.isEmpty()) {
      return false;
    }
    try {
      compute(plan);
    } catch (ModelStepException e) {
      log.warn(
          "step failed, repeated for each sequence alone requests={} cause={}",
          plan.requestIds(),
          e.getMessage());
      log.debug("the step that failed", e);
      repeat(plan);
    }
    inbox.stepEnded();
    return true;
  }

  private void takeIn() {
    // No more than can run: what waits, waits in the inbox, where it holds back whoever submits.
    int room = limits.sequences() - scheduler.runningCount() - scheduler.waitingCount();
    inbox.drainTo(drained, room);
    drained.forEach(this::accept);
    drained.clear();
    inbox.drainCancelledTo(drained);
    drained.forEach(this::cancel);
    drained.clear();
    makeWay();
  }

  /**
   * When all places are taken, who has more than one gives one up to a user who waits and has none, so
   * that nobody waits for the end of somebody else's long answers.
   */
  private void makeWay() {
    while (scheduler.runningCount() + scheduler.waitingCount() >= limits.sequences()) {
      Sequence last = scheduler.lastOfTheMostServed();
      GenerationRequest next =
          last == null ? null : inbox.takeBefore(last.request(), scheduler.users());
      if (last == null || next == null) {
        return;
      }
      Sequence sequence = new Sequence(next, arrivals++);
      if (places.canEverHold(sequence)) {
        scheduler.addBefore(last, sequence);
      } else {
        refuse(sequence);
      }
    }
  }

  private void accept(GenerationRequest request) {
    Sequence sequence = new Sequence(request, arrivals++);
    if (places.canEverHold(sequence)) {
      scheduler.add(sequence);
    } else {
      refuse(sequence);
    }
  }

  private void refuse(Sequence sequence) {
    sequence
        .request()
        .listener()
        .failed("expected a prompt and an answer of at most %d tokens, found %d"
            .formatted(places.largest(), sequence.mostTokens()));
  }

  private void cancel(GenerationRequest request) {
    Sequence sequence = scheduler.find(request);
    if (sequence != null) {
      scheduler.retire(sequence);
    }
  }

  private void compute(StepPlan plan) throws ModelStepException {
    LogitsBatch logits = metrics.step(plan, () -> model.forward(plan.forwardInput()));
    failuresInARow = 0;
    List<NextTokens.Row> complete = new ArrayList<>();
    int row = 0;
    for (StepPlan.Slice slice : plan.slices()) {
      Sequence sequence = slice.sequence();
      boolean samples = slice.samples();
      if (slice.prefills()) {
        metrics.prefilled(slice.tokens());
      }
      sequence.advance(slice.tokens());
      if (samples) {
        int own = row++;
        complete.add(new NextTokens.Row(sequence, own));
        scheduler.fork(sequence).forEach(fork -> complete.add(new NextTokens.Row(fork, own)));
      }
    }
    complete.stream()
        .filter(NextTokens.Row::isWanted)
        .forEach(chosen -> inbox.generated(chosen.sequence().request()));
    nextTokens.choose(logits, complete);
  }

  private void repeat(StepPlan plan) {
    List<Sequence> failed = new ArrayList<>();
    boolean succeeded = false;
    for (StepPlan.Slice slice : plan.slices()) {
      switch (repeat(slice)) {
        case SUCCEEDED -> succeeded = true;
        case FAILED -> failed.add(slice.sequence());
        case PUT_OFF -> {}
      }
    }
    if (!succeeded) {
      requireAnotherCause(failed);
    }
    for (Sequence sequence : failed) {
      scheduler.discard(sequence);
      sequence.request().listener().failed("the model failed on a step, twice");
    }
  }

  /** Before anybody is told: who was told is answered and billed, and nobody can help any more. */
  private void requireAnotherCause(List<Sequence> failed) {
    long requests = failed.stream()
        .filter(sequence -> failed.stream()
            .takeWhile(before -> before != sequence)
            .noneMatch(sequence::isChoiceBeside))
        .count();
    if (requests > 1) {
      throw new IllegalStateException(
          "a step failed for each of its %d requests, and for each of them alone"
              .formatted(requests));
    }
    if (requests == 1 && ++failuresInARow == MOST_FAILURES) {
      throw new IllegalStateException(
          "%d requests in a row failed on the model, and none of its steps succeeded"
              .formatted(MOST_FAILURES));
    }
  }

  private Repeated repeat(StepPlan.Slice slice) {
    Sequence sequence = slice.sequence();
    if (!sequence.repeat(slice.tokens())) {
      return Repeated.FAILED;
    }
    if (!places.canGoOn(sequence)) {
      scheduler.preempt(sequence); // The step that failed has overwritten what this one needs.
      return Repeated.PUT_OFF;
    }
    try {
      compute(new StepPlan(List.of(slice)));
      return Repeated.SUCCEEDED;
    } catch (ModelStepException e) {
      log.error("step failed again request={}", sequence.request().id(), e);
      return Repeated.FAILED;
    }
  }
}
