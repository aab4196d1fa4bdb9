package io.sirocco.testkit;

import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;

/**
 * Starts an embedded broker with a temporary folder.
 *
 * <p>Immutable.
 */
final class EmbeddedKafkaExtension extends KafkaBrokerExtension {
  @Override
  KafkaBroker start() {
    return new EmbeddedBroker(EmbeddedKafka.start(EmbeddedKafkaSettings.defaults()));
  }

  private record EmbeddedBroker(EmbeddedKafka kafka) implements KafkaBroker {
    @Override
    public String bootstrapServers() {
      return kafka.bootstrapServers();
    }

    @Override
    public void close() {
      kafka.close();
    }
  }
}
