package io.sirocco.testkit;

import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import java.time.Duration;

/**
 * Starts an embedded broker with a temporary folder.
 *
 * <p>Immutable.
 */
final class EmbeddedKafkaExtension extends KafkaBrokerExtension {
  /** So that no member is taken for dead while a busy machine stands still. */
  private static final Duration SESSION = Duration.ofSeconds(10);

  @Override
  KafkaBroker start() {
    return new EmbeddedBroker(EmbeddedKafka.start(EmbeddedKafkaSettings.defaults()
        .withProperty("group.consumer.session.timeout.ms", Long.toString(SESSION.toMillis()))));
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
