package io.sirocco.client;

import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/**
 * A client's connections to Kafka: one producer, one consumer, one admin client, and one more consumer
 * when models are looked up.
 *
 * <p>Immutable; its parts are thread-safe.
 */
record Connections(
    Producer<byte[], byte[]> producer,
    ReplyHub hub,
    ReplyTopics topics,
    ReplyTopicAdmin admin,
    ModelDirectory models) {
  private static final Duration PRODUCER_PATIENCE = Duration.ofSeconds(2);

  /**
   * Opens them, and begins to create reply topics; does not wait for the broker.
   *
   * @param clientId unique to one run of a client
   */
  static Connections open(ClientSettings settings, String clientId, InstantSource clock) {
    KafkaProperties properties = new KafkaProperties(settings, clientId);
    Producer<byte[], byte[]> producer = new KafkaProducer<>(properties.producer());
    Admin kafkaAdmin = Admin.create(properties.admin());
    ReplyHub hub = new ReplyHub(new KafkaConsumer<>(properties.hub()), clientId + "-hub");
    ReplyTopicAdmin admin =
        new ReplyTopicAdmin(kafkaAdmin, settings.replicationFactor(), settings.replyRetention());
    SingleUseTopics topics = new SingleUseTopics(settings, clientId, admin, hub, clock);
    ModelDirectory models = new ModelDirectory(
        () -> new KafkaConsumer<>(properties.directory()),
        clientId + "-models",
        settings.submitTimeout());
    hub.start();
    topics.start();
    return new Connections(producer, hub, topics, admin, models);
  }

  /** Closes them, the reply topics last but one, within about that time. */
  void close(Duration patience) {
    Deadline deadline = Deadline.after(patience);
    Duration left = deadline.remaining();
    producer.close(left.compareTo(PRODUCER_PATIENCE) < 0 ? left : PRODUCER_PATIENCE);
    models.close(deadline);
    hub.close(deadline);
    topics.close(deadline);
    admin.close(deadline);
  }
}
