package io.sirocco.client;

import io.sirocco.contracts.json.JsonCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;

/**
 * A client's connections to Kafka: one producer, one consumer at a time, one admin client, and more
 * consumers when models are looked up or answers are read again.
 *
 * <p>Immutable; its parts are thread-safe.
 */
record Connections(
    Producer<byte[], byte[]> producer,
    ReplyHub hub,
    ReplyTopics topics,
    ReplyTopicAdmin admin,
    ModelDirectory models,
    LateReaders lateReaders,
    StreamFinder streams,
    StreamListings listings,
    ReceiptWriter receipts) {
  private static final Duration PRODUCER_PATIENCE = Duration.ofSeconds(2);

  /** How many places of answers are remembered. */
  private static final int MOST_STREAMS = 200_000;

  private static final Duration RECEIPT_PATIENCE = Duration.ofSeconds(1);

  /**
   * Opens them, and begins to create reply topics; does not wait for the broker.
   *
   * @param clientId unique to one run of a client
   */
  static Connections open(
      ClientSettings settings, String clientId, InstantSource clock, RandomGenerator random) {
    KafkaProperties properties = new KafkaProperties(settings, clientId);
    Producer<byte[], byte[]> producer = new KafkaProducer<>(properties.producer());
    Admin kafkaAdmin = Admin.create(properties.admin());
    ReplyHub hub =
        new ReplyHub(() -> new KafkaConsumer<>(properties.hub("hub")), clientId + "-hub");
    ReplyTopicAdmin admin =
        new ReplyTopicAdmin(kafkaAdmin, settings.replicationFactor(), settings.replyRetention());
    ModelDirectory models = new ModelDirectory(
        () -> new KafkaConsumer<>(properties.reader("models")),
        clientId + "-models",
        settings.submitTimeout());
    LateReaders lateReaders = new LateReaders(
        () -> new KafkaConsumer<>(properties.hub("late")), clientId + "-late", admin);
    StreamFinder streams = new StreamFinder(
        () -> new KafkaConsumer<>(properties.reader("streams")),
        new JsonCodec(),
        settings.replyRetention(),
        MOST_STREAMS);
    ReceiptWriter receipts = new ReceiptWriter(
        producer,
        topic ->
            admin.exists(new TopicPartition(topic, 0), Deadline.after(settings.submitTimeout())),
        new JsonCodec(),
        clientId + "-receipts");
    hub.start();
    return new Connections(
        producer,
        hub,
        replyTopics(settings, clientId, admin, hub, clock, random),
        admin,
        models,
        lateReaders,
        streams,
        new StreamListings(producer, admin, new JsonCodec()),
        receipts);
  }

  private static ReplyTopics replyTopics(
      ClientSettings settings,
      String clientId,
      ReplyTopicAdmin admin,
      ReplyHub hub,
      InstantSource clock,
      RandomGenerator random) {
    if (settings.replyTopicMode() == ReplyTopicMode.SHARED) {
      return new SharedTopic(admin, hub, settings.submitTimeout(), random);
    }
    OwnTopics topics = new OwnTopics(settings, clientId, admin, hub, clock);
    topics.start();
    return topics;
  }

  /** What Kafka measures of the producer and of the consumers of answers. */
  Map<MetricName, Metric> metrics() {
    Map<MetricName, Metric> metrics = new HashMap<>(producer.metrics());
    metrics.putAll(hub.metrics());
    metrics.putAll(lateReaders.metrics());
    return metrics;
  }

  /** Closes them, the reply topics last but one, within about that time. */
  void close(Duration patience) {
    Deadline deadline = Deadline.after(patience);
    receipts.close(least(deadline.remaining(), RECEIPT_PATIENCE));
    producer.close(least(deadline.remaining(), PRODUCER_PATIENCE));
    models.close(deadline);
    lateReaders.close(deadline);
    streams.close(deadline);
    hub.close(deadline);
    topics.close(deadline);
    admin.close(deadline);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
