package io.sirocco.streams.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class WriterPropertiesTest {
  @Test
  void recordsOfAYoungPartitionCannotOvertakeEachOther() {
    Map<String, String> client =
        Map.of("bootstrap.servers", "broker:9092", "max.in.flight.requests.per.connection", "5");

    assertThat(WriterProperties.of(client, Duration.ofSeconds(3)))
        .containsEntry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "broker:9092")
        .containsEntry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000)
        .containsEntry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
  }
}
