package io.sirocco.worker.janitor;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.DeleteTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicCollection.TopicNameCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
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

  /** Of the batch of two: whose leader is known to be missing, and who waits for its answer in vain. */
  @Test
  void topicsThatNobodyLeadsHoldUpTheDeletionOfNoOther(KafkaBroker broker) throws Exception {
    String[] left = {"chat.replies.led-1.0", "chat.replies.led-1.1", "chat.replies.led-1.2"};
    FaultyAdmin admin = new FaultyAdmin(broker, left[0], left[1], "");
    assertDeletedBut(broker, admin, "chat.replies.led", left);
  }

  @Test
  void aTopicThatCannotBeDeletedHoldsUpNoOther(KafkaBroker broker) throws Exception {
    String[] left = {"chat.replies.kept-1.0", "chat.replies.kept-1.1", "chat.replies.kept-1.2"};
    FaultyAdmin admin = new FaultyAdmin(broker, "", "", left[0]);
    assertDeletedBut(broker, admin, "chat.replies.kept", left);
  }

  private void assertDeletedBut(
      KafkaBroker broker, FaultyAdmin faulty, String prefix, String... left) throws Exception {
    try (Admin admin = faulty;
        TestTopics topics = new TestTopics(broker);
        Janitor janitor = new Janitor(
            new ReplyTopicCensus(admin, Duration.ofSeconds(5)),
            consumer(broker),
            new JanitorSettings(prefix, AGE, Duration.ZERO, 2),
            clock)) {
      create(admin, left);
      for (String topic : left) {
        write(broker, topic, now.minus(AGE));
      }
      int deletable =
          (int) List.of(left).stream().filter(topic -> !faulty.concerns(topic)).count();
      await().atMost(PATIENCE).until(() -> janitor.step(WAIT) == deletable);

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(topics.names())
              .filteredOn(List.of(left)::contains)
              .allMatch(faulty::concerns)
              .hasSize(left.length - deletable));
    }
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

  /** Plays a broker that says of one topic that nobody leads it, of one nothing, and keeps one. */
  private static final class FaultyAdmin extends ForwardingAdmin {
    private final String leaderless;
    private final String silent;
    private final String undeletable;

    FaultyAdmin(KafkaBroker broker, String leaderless, String silent, String undeletable) {
      super(Map.of("bootstrap.servers", broker.bootstrapServers()));
      this.leaderless = leaderless;
      this.silent = silent;
      this.undeletable = undeletable;
    }

    boolean concerns(String topic) {
      return List.of(leaderless, silent, undeletable).contains(topic);
    }

    @Override
    public DescribeTopicsResult describeTopics(
        TopicCollection topics, DescribeTopicsOptions options) {
      Map<String, KafkaFuture<TopicDescription>> described =
          new HashMap<>(super.describeTopics(topics, options).topicNameValues());
      described.computeIfPresent(
          leaderless,
          (topic, unused) -> KafkaFuture.completedFuture(new TopicDescription(
              topic, false, List.of(new TopicPartitionInfo(0, null, List.of(), List.of())))));
      return new DescribeTopicsResult(null, described) {};
    }

    @Override
    public ListOffsetsResult listOffsets(
        Map<TopicPartition, OffsetSpec> specs, ListOffsetsOptions options) {
      assertThat(specs.keySet()).noneMatch(asked -> asked.topic().equals(leaderless));
      ListOffsetsResult found = super.listOffsets(specs, options);
      return new ListOffsetsResult(specs.keySet().stream()
          .collect(toMap(
              asked -> asked,
              asked -> asked.topic().equals(silent)
                  ? new KafkaFutureImpl<ListOffsetsResultInfo>()
                  : found.partitionResult(asked))));
    }

    @Override
    public DeleteTopicsResult deleteTopics(TopicCollection topics, DeleteTopicsOptions options) {
      List<String> names = new ArrayList<>(((TopicNameCollection) topics).topicNames());
      Map<String, KafkaFuture<Void>> deletions = new HashMap<>();
      if (names.remove(undeletable)) {
        KafkaFutureImpl<Void> refused = new KafkaFutureImpl<>();
        refused.completeExceptionally(new TopicAuthorizationException(undeletable));
        deletions.put(undeletable, refused);
      }
      deletions.putAll(
          super.deleteTopics(TopicCollection.ofTopicNames(names), options).topicNameValues());
      return new DeleteTopicsResult(null, deletions) {};
    }
  }
}
