package io.sirocco.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class KafkaMetersTest {
  private static final String GROUP = "consumer-fetch-manager-metrics";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Map<MetricName, Metric> measured = new HashMap<>();

  private void measure(double value, Map<String, String> tags) {
    MetricName name = new MetricName("bytes-consumed-total", GROUP, "", tags);
    measured.put(name, new Metric() {
      @Override
      public MetricName metricName() {
        return name;
      }

      @Override
      public Object metricValue() {
        return value;
      }
    });
  }

  @Test
  void figuresOfAConsumerAreShownAndThoseOfItsTopicsAreNot() {
    measure(7, Map.of("client-id", "gateway-hub"));
    measure(5, Map.of("client-id", "gateway-hub", "topic", "chat.replies.alice"));

    KafkaMeters meters = KafkaMeters.show(registry, () -> measured);
    assertThat(registry
            .get("kafka.consumer.fetch.manager.bytes.consumed.total")
            .tag("client.id", "gateway-hub")
            .functionCounter()
            .count())
        .isEqualTo(7);
    assertThat(registry.getMeters()).noneMatch(meter -> meter.getId().toString().contains("alice"));
    meters.close();
    assertThat(registry.getMeters()).isEmpty();
  }
}
