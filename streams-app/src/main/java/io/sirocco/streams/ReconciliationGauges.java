package io.sirocco.streams;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.query.UsageSource;
import io.sirocco.streams.query.UsageUnavailableException;
import io.sirocco.streams.reconciliation.HourCounts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.ToLongFunction;

/**
 * How bills stand to what readers saw, as gauges: the requests of the last day whose users this process
 * counts, by state. A sum over all processes is the whole; {@code differing} must be 0.
 *
 * <p>Thread-safe.
 */
final class ReconciliationGauges {
  static final String NAME = "sirocco.usage.reconciliation.requests";

  private static final Duration LOOKED_AT = Duration.ofDays(1);

  private final UsageSource local;
  private final InstantSource clock;

  ReconciliationGauges(UsageSource local, InstantSource clock) {
    this.local = local;
    this.clock = clock;
  }

  void bindTo(MeterRegistry registry) {
    gauge(registry, "matched", HourCounts::matched);
    gauge(registry, "differing", HourCounts::differing);
    gauge(registry, "without_receipt", HourCounts::withoutReceipt);
    gauge(registry, "without_bill", HourCounts::withoutBill);
  }

  private void gauge(MeterRegistry registry, String state, ToLongFunction<HourCounts> count) {
    Gauge.builder(NAME, this, gauges -> gauges.value(count))
        .tag("state", state)
        .description("Requests of the last day by how their bill stands to what was read.")
        .strongReference(true)
        .register(registry);
  }

  private double value(ToLongFunction<HourCounts> count) {
    long now = clock.millis();
    try {
      return count.applyAsLong(local
          .reconciliation(new TimeQuestion(now - LOOKED_AT.toMillis(), now + 1))
          .total());
    } catch (UsageUnavailableException e) {
      return Double.NaN; // The stores are not at hand: that is not 0.
    }
  }
}
