package io.sirocco.gateway.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.sirocco.client.SiroccoClient;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Shows what Kafka measures of a client's connections, but not of single topics: reply topics are as many
 * as answers, may be named after users, and would take the place of the figures of their consumer.
 *
 * <p>Thread-safe.
 */
public final class KafkaMeters implements AutoCloseable {
  /** Those of a worker in the same process have them too, and meters of one name must be alike. */
  private static final Tags ALIKE = Tags.of("model_name", "", "engine", "");

  private final KafkaClientMetrics binder;

  private KafkaMeters(KafkaClientMetrics binder) {
    this.binder = binder;
  }

  /** Begins to show them. */
  public static KafkaMeters show(MeterRegistry registry, SiroccoClient client) {
    return show(registry, client::metrics);
  }

  static KafkaMeters show(
      MeterRegistry registry, Supplier<? extends Map<MetricName, ? extends Metric>> metrics) {
    KafkaClientMetrics binder = new KafkaClientMetrics(view(metrics), ALIKE);
    binder.bindTo(registry);
    return new KafkaMeters(binder);
  }

  /** The library takes a consumer, and asks it for nothing else. */
  private static Consumer<?, ?> view(
      Supplier<? extends Map<MetricName, ? extends Metric>> metrics) {
    return (Consumer<?, ?>) Proxy.newProxyInstance(
        KafkaMeters.class.getClassLoader(),
        new Class<?>[] {Consumer.class},
        (proxy, method, args) -> {
          if (!method.getName().equals("metrics")) {
            throw new UnsupportedOperationException(
                "expected metrics to be asked for, found " + method.getName());
          }
          return ofNoTopic(metrics.get());
        });
  }

  private static Map<MetricName, Metric> ofNoTopic(Map<MetricName, ? extends Metric> all) {
    Map<MetricName, Metric> some = new HashMap<>(all);
    some.keySet().removeIf(name -> name.tags().containsKey("topic"));
    return some;
  }

  @Override
  public void close() {
    binder.close();
  }
}
