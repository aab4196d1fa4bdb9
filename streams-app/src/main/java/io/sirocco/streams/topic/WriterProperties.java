package io.sirocco.streams.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * What producers are told that write to the topics around usage.
 *
 * <p>Stateless.
 */
public final class WriterProperties {
  private WriterProperties() {}

  /**
   * Returns the properties of a producer.
   *
   * @param clientProperties {@code bootstrap.servers} and what else Kafka's clients need
   * @param limit how long a call may wait for Kafka
   */
  public static Map<String, Object> of(Map<String, String> clientProperties, Duration limit) {
    Map<String, Object> properties = new HashMap<>(clientProperties);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.toIntExact(limit.toMillis()));
    // A broker takes any first batch of a producer that it does not know. Of several on their way
    // to a young partition the first may fail and the second be taken: then the first is out of
    // order until it expires.
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    return properties;
  }
}
