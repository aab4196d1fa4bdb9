package io.sirocco.worker.app;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.intake.GroupProtocol;
import io.sirocco.worker.intake.GroupSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
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
  /** How long a call waits for brokers that do not answer before it is made again. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /** How long a reply topic may be out of reach before answers there have failed. */
  static final Duration DELIVERY = Duration.ofSeconds(30);

  private static final long CLOSING_BYTES = 8L << 20;

  private static final long REPLY_BYTES = 64L << 20;

  /**
   * How much may wait for acknowledgement before answers hold back; the other half is for the one record
   * that each may send all the same.
   */
  static final long UNACKNOWLEDGED_REPLY_BYTES = REPLY_BYTES / 2;

  Admin admin() {
    return Admin.create(common());
  }

  Consumer<String, byte[]> requestConsumer(GroupSession session) {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, Topics.workerGroup(settings.requestTopic()));
    properties.put(
        ConsumerConfig.GROUP_PROTOCOL_CONFIG, session.protocol().name().toLowerCase(Locale.ROOT));
    if (session.protocol() == GroupProtocol.CLASSIC) {
      properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(session.timeout()));
      properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, millis(session.timeout()) / 4);
      properties.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // The intake itself says where a partition begins. An offset that is not in the log would mean
    // that all is done again, or some never, and nobody would know.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // A consumer that is closed waits for the fetch that is parked at the broker.
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    // What is polled is taken from the broker's queue, where other workers could still get it.
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.inboxCapacity());
    return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** In no group: it is told what to read. */
  Consumer<String, byte[]> replyLogConsumer() {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // The fetch that is parked at the broker is not cancelled by the next assignment.
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
    return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Reads a compacted topic from its beginning, without a group. */
  Consumer<String, byte[]> followingConsumer() {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // Nobody waits for the topic, and one that vanished is logged at every try.
    properties.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 1000);
    return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Reads where answers live from the beginning, without a group. */
  Consumer<String, byte[]> streamConsumer() {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
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
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, REPLY_BYTES);
    // After that a record has failed, and the answer goes on from what the log holds, or is given
    // up.
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(DELIVERY));
    return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
  }

  /** The producer that closes requests of {@code partition}, under a name that all its owners have. */
  Producer<String, byte[]> closingProducer(TopicPartition partition, GroupSession session) {
    Map<String, Object> properties = common();
    properties.put(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
        Topics.workerGroup(partition.topic()) + "-" + partition.partition());
    // A transaction takes milliseconds. One that its owner left open holds up whoever reads what
    // was closed, until the next owner ends it, or this time has passed.
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, millis(session.timeout()));
    // The markers of a transaction are written when the next one has begun, which waits for them.
    properties.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(CLOSING));
    // One for each partition; memory is taken as it is needed, and a dead letter may need a lot.
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, CLOSING_BYTES);
    return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
  }

  private static int millis(Duration time) {
    return Math.toIntExact(time.toMillis());
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
