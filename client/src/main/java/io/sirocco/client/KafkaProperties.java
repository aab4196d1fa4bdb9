package io.sirocco.client;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The properties of the client's Kafka clients: defaults, over them the user's, and over these what
 * the reply protocol rests on.
 *
 * <p>Immutable.
 *
 * @param clientId unique to one run of a client
 */
record KafkaProperties(ClientSettings settings, String clientId) {
  /** Kafka's default of 100 ms is what a first record of a new topic would often wait. */
  private static final int RETRY_BACKOFF_MILLIS = 10;

  /** How long the broker holds an empty fetch; an added topic waits for the fetch under way. */
  private static final int FETCH_MAX_WAIT_MILLIS = 20;

  Map<String, Object> producer() {
    Map<String, Object> properties = common("producer");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    // A broker takes any first batch of a producer that it does not know. Of several on their way
    // to a partition that is young, the first may fail and the second be taken: then the first is
    // out of order until it expires, and its requests were never submitted.
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    properties.putAll(settings.kafkaProperties());
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.submitTimeout().toMillis());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return properties;
  }

  /** For a consumer of reply topics. */
  Map<String, Object> hub(String role) {
    Map<String, Object> properties = common(role);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MILLIS);
    properties.putAll(settings.kafkaProperties());
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    return withoutGroup(properties);
  }

  /** For a consumer that reads a topic from its beginning. */
  Map<String, Object> reader(String role) {
    Map<String, Object> properties = common(role);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
    properties.putAll(settings.kafkaProperties());
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return withoutGroup(properties);
  }

  private static Map<String, Object> withoutGroup(Map<String, Object> properties) {
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return properties;
  }

  Map<String, Object> admin() {
    Map<String, Object> properties = common("admin");
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    properties.putAll(settings.kafkaProperties());
    return properties;
  }

  private Map<String, Object> common(String role) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId + "-" + role);
    properties.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, RETRY_BACKOFF_MILLIS);
    return properties;
  }
}
