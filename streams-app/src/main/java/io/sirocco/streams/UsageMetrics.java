package io.sirocco.streams;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.KafkaStreams;

/**
 * What the usage application measures, and what Kafka Streams measures of it.
 *
 * <p>Thread-safe.
 */
final class UsageMetrics implements AutoCloseable {
  private final KafkaStreamsMetrics streams;

  private UsageMetrics(KafkaStreamsMetrics streams) {
    this.streams = streams;
  }

  /** Begins to measure. */
  static UsageMetrics bind(MeterRegistry registry, KafkaStreams streams, LongAdder counted) {
    FunctionCounter.builder("sirocco.usage.events", counted, LongAdder::sum)
        .description("Usage events counted by this process, copies not included")
        .register(registry);
    Gauge.builder(
            "sirocco.usage.running",
            streams,
            each -> each.state() == KafkaStreams.State.RUNNING ? 1 : 0)
        .description("1 while events are counted")
        .register(registry);
    KafkaStreamsMetrics binder = new KafkaStreamsMetrics(streams);
    binder.bindTo(registry);
    return new UsageMetrics(binder);
  }

  @Override
  public void close() {
    streams.close();
  }
}
