package io.sirocco.worker.janitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the janitor deletes of a real broker, and which of two it is that does. */
@OnEmbeddedKafka
@Timeout(300)
class JanitorIT {
  private static final Duration WAIT = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration AGE = Duration.ofHours(1);

  private volatile Instant now = Instant.now();
  private final InstantSource clock = () -> now;

  @BeforeEach
  void createModels(KafkaBroker broker) {
    try (TestTopics topics = new TestTopics(broker)) {
      if (!topics.names().contains(Topics.MODELS)) {
        topics.create(Topics.MODELS, 1);
      }
    }
  }

  private Admin admin(KafkaBroker broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static Consumer<byte[], byte[]> consumer(KafkaBroker broker) {
    Map<String, Object> properties = new HashMap<>(Janitor.consumerProperties());
    properties.put("bootstrap.servers", broker.bootstrapServers());
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Janitor janitor(KafkaBroker broker, Admin admin, String prefix) {
    return new Janitor(
        admin, consumer(broker), new JanitorSettings(prefix, AGE, Duration.ZERO, 2), clock);
  }

  private static void create(Admin admin, String... topics) throws Exception {
    admin
        .createTopics(List.of(topics).stream()
            .map(topic -> new NewTopic(topic, 1, (short) 1))
            .toList())
        .all()
        .get();
  }

  @Test
  void whatNobodyWroteToForLongIsDeletedAndNothingElse(KafkaBroker broker) throws Exception {
    try (Admin admin = admin(broker);
        TestTopics topics = new TestTopics(broker);
        Janitor janitor = janitor(broker, admin, "chat.replies.crashed")) {
      String[] left = {
        "chat.replies.crashed-1.0", "chat.replies.crashed-1.1", "chat.replies.crashed-1.2"
      };
      create(admin, left);
      create(admin, "chat.replies.other-1.0", "chat.replies.crashed-1.3", Topics.SHARED_REPLIES);
      write(broker, left[0], now);
      sweepOnce(broker, admin, janitor);
      assertThat(topics.names()).contains(left);

      now = now.plus(AGE);
      write(broker, "chat.replies.crashed-1.3", now);
      await().atMost(PATIENCE).until(() -> janitor.step(WAIT) == 3);

      await()
          .atMost(PATIENCE)
          .until(() -> topics.names().stream().noneMatch(List.of(left)::contains));
      assertThat(topics.names())
          .contains("chat.replies.other-1.0", "chat.replies.crashed-1.3", Topics.SHARED_REPLIES);
    }
  }

  /** What it deletes tells that it has looked. */
  private void sweepOnce(KafkaBroker broker, Admin admin, Janitor janitor) throws Exception {
    create(admin, "chat.replies.crashed-0.0");
    write(broker, "chat.replies.crashed-0.0", now.minus(AGE));
    await().atMost(PATIENCE).until(() -> janitor.step(WAIT) == 1);
  }

  @Test
  void itIsTheTurnOfOneAndOfTheOtherWhenThatIsGone(KafkaBroker broker) {
    try (JanitorTurn one = new JanitorTurn(consumer(broker));
        JanitorTurn other = new JanitorTurn(consumer(broker))) {
      await().atMost(PATIENCE).until(() -> one.isMine(WAIT) != other.isMine(WAIT));
      JanitorTurn first = one.isMine(WAIT) ? one : other;
      JanitorTurn second = first == one ? other : one;
      for (int round = 0; round < 10; round++) {
        assertThat(first.isMine(WAIT)).isTrue();
        assertThat(second.isMine(WAIT)).isFalse();
      }

      first.close();

      await().atMost(PATIENCE).until(() -> second.isMine(WAIT));
    }
  }

  private static void write(KafkaBroker broker, String topic, Instant when) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(topic, 0, when.toEpochMilli(), null, new byte[] {1}))
          .get();
    }
  }
}
