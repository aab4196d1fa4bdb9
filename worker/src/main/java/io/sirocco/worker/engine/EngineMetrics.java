package io.sirocco.worker.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the engine measures of itself.
 *
 * <p>Written by the engine thread; read by anyone.
 */
final class EngineMetrics {
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger takenTokens = new AtomicInteger();
  private final AtomicInteger rememberedTokens = new AtomicInteger();
  private final AtomicLong preemptions = new AtomicLong();
  private final AtomicLong cached = new AtomicLong();
  private final Timer steps;
  private final Counter computed;
  private final Counter generated;

  EngineMetrics(MeterRegistry registry, Tags tags) {
    Gauge.builder("sirocco.engine.sequences.running", running, AtomicInteger::get)
        .tags(tags)
        .description("Sequences that have a place in the cache")
        .register(registry);
    Gauge.builder("sirocco.engine.sequences.waiting", waiting, AtomicInteger::get)
        .tags(tags)
        .description("Requests that wait for a place in the cache")
        .register(registry);
    Gauge.builder("sirocco.engine.cache.running", takenTokens, AtomicInteger::get)
        .tags(tags)
        .baseUnit("tokens")
        .description("Room in the cache that running sequences take")
        .register(registry);
    Gauge.builder("sirocco.engine.cache.remembered", rememberedTokens, AtomicInteger::get)
        .tags(tags)
        .baseUnit("tokens")
        .description("Room in the cache that finished sequences take until it is needed")
        .register(registry);
    FunctionCounter.builder("sirocco.engine.preemptions", preemptions, AtomicLong::get)
        .tags(tags)
        .description("Sequences that lost their place to another, and computed again")
        .register(registry);
    steps = Timer.builder("sirocco.engine.step")
        .tags(tags)
        .description("One step of the model")
        .register(registry);
    computed = Counter.builder("sirocco.engine.tokens.computed")
        .tags(tags)
        .description("Tokens put into the cache, those of prompts included")
        .register(registry);
    generated = Counter.builder("sirocco.engine.tokens.generated")
        .tags(tags)
        .description("Tokens sampled")
        .register(registry);
    FunctionCounter.builder("sirocco.engine.tokens.cached", cached, AtomicLong::get)
        .tags(tags)
        .description("Tokens of admitted sequences that were in the cache already")
        .register(registry);
  }

  void observe(Scheduler scheduler, Places places, int inInbox) {
    running.set(scheduler.runningCount());
    waiting.set(scheduler.waitingCount() + inInbox);
    preemptions.set(scheduler.preemptions());
    takenTokens.set(places.takenTokens());
    rememberedTokens.set(places.rememberedTokens());
    cached.set(scheduler.cachedTokens());
  }

  LogitsBatch step(Step step) throws ModelStepException {
    Timer.Sample sample = Timer.start();
    try {
      return step.run();
    } finally {
      sample.stop(steps);
    }
  }

  void computed(int tokens) {
    computed.increment(tokens);
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
