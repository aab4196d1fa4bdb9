package io.sirocco.worker.app;

import io.sirocco.contracts.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes a worker's Kafka clients, each with the settings that its job needs.
 *
 * <p>Immutable.
 *
 * @param settings where the brokers are, and what all clients are told
 */
record KafkaClients(WorkerSettings settings) {

  Admin admin() {
    return Admin.create(common());
  }

  Consumer<String, byte[]> requestConsumer() {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, Topics.workerGroup(settings.requestTopic()));
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // A request that came before the first worker did is to be answered, too.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // A consumer that is closed waits for the fetch that is parked at the broker.
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    // What is polled is taken from the broker's queue, where other workers could still get it.
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.inboxCapacity());
    return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Reads a compacted topic from its beginning, without a group. */
  Consumer<String, byte[]> priceConsumer() {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // Nobody waits for a price, and a topic that vanished is logged at every try.
    properties.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 1000);
    return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
  }

  Producer<String, byte[]> replyProducer() {
    Map<String, Object> properties = common();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // A token is worth more now than a fuller batch later.
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // Topics are looked up before they are written to, so only a vanished one can hold send up,
    // once.
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1000);
    return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> common() {
    Map<String, Object> properties = new HashMap<>();
    // A reply topic is often younger than the client's metadata; waiting the default 100 ms for the
    // next look would be the greater part of the time to the first token.
    properties.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 10);
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    properties.putAll(settings.kafka());
    return properties;
  }
}
