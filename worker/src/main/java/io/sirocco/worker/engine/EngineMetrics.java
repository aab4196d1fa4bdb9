package io.sirocco.worker.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import java.util.function.ToDoubleFunction;

/**
 * What the engine measures of itself, under vLLM's names.
 *
 * <p>Written by the engine thread; read by anyone.
 */
final class EngineMetrics {
  private final double mostSequences;
  private final double cacheTokens;
  private final Timer steps;
  private final DistributionSummary iterations;
  private final Counter prompt;
  private final Counter generated;
  private volatile Counts counts = new Counts(0, 0, 0, 0, 0, 0, 0);

  /** What there is to see between two steps. */
  private record Counts(
      int running,
      int waiting,
      int takenTokens,
      int rememberedTokens,
      long preemptions,
      long queried,
      long cached) {}

  /**
   * @param cacheTokens how many tokens the cache has room for
   */
  EngineMetrics(MeterRegistry registry, Tags tags, EngineLimits limits, int cacheTokens) {
    this.mostSequences = limits.sequences();
    this.cacheTokens = cacheTokens;
    gauge("sirocco.num.requests.running", each -> each.counts.running)
        .description("Sequences that have a place in the cache")
        .tags(tags)
        .register(registry);
    gauge("sirocco.num.requests.waiting", each -> each.counts.waiting)
        .description("Sequences that wait for a place in the cache")
        .tags(tags)
        .register(registry);
    gauge("sirocco.batch.occupancy.perc", each -> each.counts.running / each.mostSequences)
        .description("Running sequences, as a share of the most there may be")
        .tags(tags)
        .register(registry);
    gauge("sirocco.kv.cache.usage.perc", each -> each.counts.takenTokens / each.cacheTokens)
        .description("Share of the cache that running sequences take")
        .tags(tags)
        .register(registry);
    gauge(
            "sirocco.kv.cache.remembered.perc",
            each -> each.counts.rememberedTokens / each.cacheTokens)
        .description("Share of the cache that finished sequences take until it is needed")
        .tags(tags)
        .register(registry);
    counter("sirocco.num.preemptions", each -> each.counts.preemptions)
        .description("Sequences that lost their place to another, and are computed again")
        .tags(tags)
        .register(registry);
    counter("sirocco.prefix.cache.queries", each -> each.counts.queried)
        .description("Tokens of sequences that got a place")
        .tags(tags)
        .register(registry);
    counter("sirocco.prefix.cache.hits", each -> each.counts.cached)
        .description("Of those, the ones that were in the cache already")
        .tags(tags)
        .register(registry);
    steps = Timer.builder("sirocco.model.forward.time")
        .tags(tags)
        .description("One step of the model")
        .register(registry);
    iterations = DistributionSummary.builder("sirocco.iteration.tokens")
        .tags(tags)
        .description("Tokens computed in one step, of prompts and answers")
        .register(registry);
    prompt = Counter.builder("sirocco.prompt.tokens")
        .tags(tags)
        .description("Tokens computed of prompts, and of answers that are computed again")
        .register(registry);
    generated = Counter.builder("sirocco.generation.tokens")
        .tags(tags)
        .description("Tokens generated")
        .register(registry);
  }

  private Gauge.Builder<EngineMetrics> gauge(String name, ToDoubleFunction<EngineMetrics> value) {
    return Gauge.builder(name, this, value).strongReference(true);
  }

  private FunctionCounter.Builder<EngineMetrics> counter(
      String name, ToDoubleFunction<EngineMetrics> value) {
    return FunctionCounter.builder(name, this, value);
  }

  void observe(Scheduler scheduler, Places places, int inInbox) {
    counts = new Counts(
        scheduler.runningCount(),
        scheduler.waitingCount() + inInbox,
        places.takenTokens(),
        places.rememberedTokens(),
        scheduler.preemptions(),
        scheduler.queriedTokens(),
        scheduler.cachedTokens());
  }

  LogitsBatch step(StepPlan plan, Step step) throws ModelStepException {
    Timer.Sample sample = Timer.start();
    try {
      return step.run();
    } finally {
      sample.stop(steps);
      iterations.record(plan.tokens());
    }
  }

  /** Notes that {@code tokens} of a sequence are computed that do not follow one by one. */
  void prefilled(int tokens) {
    prompt.increment(tokens);
  }

  void generated() {
    generated.increment();
  }

  /** One step of the model. */
  @FunctionalInterface
  interface Step {
    LogitsBatch run() throws ModelStepException;
  }
}
