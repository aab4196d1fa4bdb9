package io.sirocco.testkit;

import java.util.Map;

/**
 * A running Kafka broker that a test is given as a parameter.
 *
 * <p>A behaviour that must hold on any broker is written once, as an abstract class, and run on each
 * form of broker by an empty subclass:
 *
 * <pre>{@code
 * abstract class SubmitContract {
 *   @Test void answerArrivesInOrder(KafkaBroker broker) { ... }
 * }
 *
 * @OnEmbeddedKafka class SubmitIT extends SubmitContract {}
 *
 * @OnContainerKafka class SubmitOnContainerIT extends SubmitContract {}
 * }</pre>
 *
 * <p>One broker serves all tests of a class, so each test uses topics and groups of its own. The
 * broker is closed after the class.
 *
 * <p>Thread-safe.
 */
public interface KafkaBroker extends AutoCloseable {
  /** Where clients connect to, as {@code host:port}. */
  String bootstrapServers();

  /** What a client needs to connect and to do whatever it likes. */
  default Map<String, String> clientProperties() {
    return Map.of("bootstrap.servers", bootstrapServers());
  }

  @Override
  void close();
}
