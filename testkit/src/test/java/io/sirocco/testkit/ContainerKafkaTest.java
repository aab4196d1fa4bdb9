package io.sirocco.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContainerKafkaTest {
  @Test
  void imageIsOfTheVersionOfTheClients() {
    assertThat(ContainerKafka.image()).matches("apache/kafka:\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void brokerPropertiesTakeTheFormThatTheImageReads() {
    assertThat(ContainerKafka.environment())
        .containsEntry("KAFKA_CONTROLLER_QUORUM_APPEND_LINGER_MS", "0")
        .allSatisfy((name, value) -> assertThat(name).matches("KAFKA_[A-Z_]+"));
  }
}
