package io.sirocco.worker.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sirocco.worker.closing.ClosingProducer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * How many transactions close requests now, and how long they take.
 *
 * <p>Thread-safe.
 */
final class ClosingMetrics {
  private final LongSupplier nanoTime;
  private final AtomicInteger open = new AtomicInteger();
  private final Timer committed;
  private final Timer failed;

  ClosingMetrics(MeterRegistry registry, Tags tags, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    Gauge.builder("sirocco.closing.transactions", open, AtomicInteger::get)
        .tags(tags)
        .description("Transactions that are open now")
        .register(registry);
    committed = timer(registry, tags, "committed");
    failed = timer(registry, tags, "failed");
  }

  private static Timer timer(MeterRegistry registry, Tags tags, String outcome) {
    return Timer.builder("sirocco.closing.transaction")
        .tags(tags.and("outcome", outcome))
        .description("One transaction, from its begin to the end of its commit")
        .register(registry);
  }

  /** Returns a producer that does what {@code producer} does, and is measured. */
  ClosingProducer measure(ClosingProducer producer) {
    return new MeasuredClosingProducer(producer, this);
  }

  long begin() {
    open.incrementAndGet();
    return nanoTime.getAsLong();
  }

  void end(long begunNanos, boolean done) {
    open.decrementAndGet();
    (done ? committed : failed).record(nanoTime.getAsLong() - begunNanos, TimeUnit.NANOSECONDS);
  }
}
