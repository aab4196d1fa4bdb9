package io.sirocco.testkit;

import io.sirocco.broker.SingleNodeProperties;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Kafka in a container: Apache's own image, of the version of the clients, with the properties of
 * the embedded broker.
 *
 * <p>Thread-safe.
 */
final class ContainerKafka implements KafkaBroker {
  private final KafkaContainer container;

  private ContainerKafka(KafkaContainer container) {
    this.container = container;
  }

  static ContainerKafka start() {
    // Closed with the broker that is returned; Testcontainers removes it as well if this JVM dies.
    @SuppressWarnings("resource")
    KafkaContainer container =
        new KafkaContainer(DockerImageName.parse(image())).withEnv(environment());
    container.start();
    return new ContainerKafka(container);
  }

  static String image() {
    return "apache/kafka:" + AppInfoParser.getVersion();
  }

  /** The image's form of a broker property: {@code num.io.threads} is {@code KAFKA_NUM_IO_THREADS}. */
  static Map<String, String> environment() {
    return SingleNodeProperties.all().entrySet().stream()
        .collect(Collectors.toMap(
            property -> "KAFKA_" + property.getKey().toUpperCase(Locale.ROOT).replace('.', '_'),
            Map.Entry::getValue));
  }

  @Override
  public String bootstrapServers() {
    return container.getBootstrapServers();
  }

  @Override
  public void close() {
    container.stop();
  }
}
