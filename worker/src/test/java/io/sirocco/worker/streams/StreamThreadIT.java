package io.sirocco.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@OnEmbeddedKafka
@Timeout(300)
class StreamThreadIT {
  private static final String REQUESTS = Topics.requests("demo");

  @Test
  void whatAnotherWorkerWroteIsKnownOnceCaughtUp(KafkaBroker broker) throws Exception {
    Map<String, Object> brokers = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(brokers);
        Producer<String, byte[]> producer =
            new KafkaProducer<>(brokers, new StringSerializer(), new ByteArraySerializer())) {
      StreamTopic.ensure(admin);
      StreamTopic.ensure(admin);
      try (StreamThread one = thread(broker, admin, producer);
          StreamThread other = thread(broker, admin, producer)) {
        await(one.write(key("kept"), location(REQUESTS)));
        await(one.write(key("gone"), location(REQUESTS)));
        await(one.remove(key("gone")));
        await(one.write(key("elsewhere"), location(Topics.requests("another"))));

        await(other.caughtUp());

        assertThat(other.find(key("kept"))).contains(location(REQUESTS));
        assertThat(other.find(key("gone"))).isEmpty();
        assertThat(other.find(key("elsewhere"))).isEmpty();
        assertThat(await(one.offsetSince(new TopicPartition(Topics.STREAMS, 0), 0)))
            .hasValue(0);
        assertThat(await(one.offsetSince(
                new TopicPartition(Topics.STREAMS, 0), System.currentTimeMillis() + 3_600_000)))
            .hasValue(end(admin));
      }
    }
  }

  /** Requests wait for what the topic says, and are closed when it says where their answers live. */
  @Test
  void aTopicThatIsGoneIsMadeAnewAndHoldsNobodyUp(KafkaBroker broker) throws Exception {
    Map<String, Object> brokers = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(brokers);
        Producer<String, byte[]> producer =
            new KafkaProducer<>(brokers, new StringSerializer(), new ByteArraySerializer())) {
      StreamTopic.ensure(admin);
      try (StreamThread streams = thread(broker, admin, producer)) {
        await(streams.write(key("kept"), location(REQUESTS)));
        await(streams.caughtUp());

        admin.deleteTopics(Set.of(Topics.STREAMS)).all().get();
        await(streams.caughtUp());
        await(streams.write(key("later"), location(REQUESTS)));
        await(streams.caughtUp());

        assertThat(streams.find(key("later"))).contains(location(REQUESTS));
        assertThat(end(admin)).isPositive();
      }
    }
  }

  /** As a worker has it that has not the right to make topics. */
  @Test
  void aTopicThatCannotBeMadeHoldsNobodyUpAndItsEntriesAreGivenUp(KafkaBroker broker)
      throws Exception {
    Map<String, Object> brokers = Map.of("bootstrap.servers", broker.bootstrapServers());
    Map<String, Object> writes =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "max.block.ms", 1000);
    try (Admin admin = Admin.create(brokers);
        Producer<String, byte[]> producer =
            new KafkaProducer<>(writes, new StringSerializer(), new ByteArraySerializer())) {
      StreamTopic.ensure(admin);
      admin.deleteTopics(Set.of(Topics.STREAMS)).all().get();
      try (StreamThread streams = StreamThread.start(
          consumer(broker),
          producer,
          admin,
          () -> {
            throw new TopicAuthorizationException(Topics.STREAMS);
          },
          Duration.ofSeconds(3),
          REQUESTS)) {
        await(streams.caughtUp());
        long begunNanos = System.nanoTime();
        List<CompletableFuture<Void>> entries = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
          entries.add(streams.write(key("lost" + i), location(REQUESTS)).toCompletableFuture());
        }
        assertThat(entries).as("whoever writes goes on").noneMatch(CompletableFuture::isDone);

        await(CompletableFuture.allOf(entries.toArray(CompletableFuture[]::new)));
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos))
            .isLessThan(Duration.ofSeconds(10));
        assertThat(streams.find(key("lost0"))).contains(location(REQUESTS));
      }
    }
  }

  private static long end(Admin admin) throws Exception {
    TopicPartition first = new TopicPartition(Topics.STREAMS, 0);
    return admin
        .listOffsets(Map.of(first, OffsetSpec.latest()))
        .partitionResult(first)
        .get()
        .offset();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static RequestKey key(String id) {
    return RequestKey.of("u", id);
  }

  private static StreamLocation location(String requests) {
    return new StreamLocation("chat.replies.a", 0, 0, "sha256:", requests, 0, 0, 0);
  }

  private static StreamThread thread(
      KafkaBroker broker, Admin admin, Producer<String, byte[]> producer) {
    return StreamThread.start(consumer(broker), producer, admin, Duration.ofSeconds(30), REQUESTS);
  }

  private static Consumer<String, byte[]> consumer(KafkaBroker broker) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }
}
