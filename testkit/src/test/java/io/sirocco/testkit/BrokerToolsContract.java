package io.sirocco.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.topic.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the tools do on any broker. */
abstract class BrokerToolsContract {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void topicsAreListedFromCreationToDeletion(KafkaBroker broker) {
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create("three-partitions", 3);
      assertThat(topics.names()).contains("three-partitions");

      topics.delete("three-partitions");
      assertThat(topics.names()).doesNotContain("three-partitions");
    }
  }

  @Test
  void refusalOfATopicIsAFailureOfTheTest(KafkaBroker broker) {
    try (TestTopics topics = new TestTopics(broker)) {
      assertThatThrownBy(() -> topics.create("no topic's name", 1))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("no topic's name");
    }
  }

  @Test
  void replyLogIsReadFromAnOffsetToTheTerminalOfItsRequest(KafkaBroker broker) throws Exception {
    TopicPartition partition = newTopic(broker, "shared-log");
    try (Producer<String, String> producer = producer(broker)) {
      send(producer, partition, "earlier", "start", null);
      producer
          .send(new ProducerRecord<>(partition.topic(), 0, "key", "no reply record"))
          .get();
      send(producer, partition, "request", "start", null);
      send(producer, partition, "earlier", "end", "0");
      send(producer, partition, "request", "delta", "0");
      send(producer, partition, "request", "end", "1");
    }
    ReplyLogs logs = new ReplyLogs(broker);

    List<ReplyRecord> log = logs.readToTerminal(partition, 2, "request", LIMIT);

    assertThat(log).extracting(ReplyRecord::offset).containsExactly(2L, 3L, 4L, 5L);
    ReplyGuarantee.assertAllHold(ReplyLogs.answer(log, "request"));
    assertThat(logs.readToEnd(partition, 0)).hasSize(5);
  }

  @Test
  void waitForARecordThatNeverComesEndsAndShowsTheLog(KafkaBroker broker) throws Exception {
    TopicPartition partition = newTopic(broker, "open-log");
    try (Producer<String, String> producer = producer(broker)) {
      send(producer, partition, "request", "start", null);
    }
    ReplyLogs logs = new ReplyLogs(broker);

    assertThatThrownBy(() -> logs.readToTerminal(partition, 0, "request", Duration.ofMillis(500)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("open-log-0")
        .hasMessageContaining("0:start(writer#1)");
  }

  @Test
  void replyTopicThatIsLeftIsALeak(KafkaBroker broker) {
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create("chat.replies.left.0", 1);
      assertThatThrownBy(() -> LeakCheck.assertNoReplyTopics(broker, Duration.ofMillis(300)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("chat.replies.left.0");

      topics.delete("chat.replies.left.0");
      LeakCheck.assertNoReplyTopics(broker, LIMIT);
    }
  }

  private static TopicPartition newTopic(KafkaBroker broker, String name) {
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(name, 1);
    }
    return new TopicPartition(name, 0);
  }

  private static Producer<String, String> producer(KafkaBroker broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "retry.backoff.ms", 10),
        new StringSerializer(),
        new StringSerializer());
  }

  private static void send(
      Producer<String, String> producer,
      TopicPartition partition,
      String requestId,
      String event,
      @Nullable String sequence)
      throws Exception {
    ProducerRecord<String, String> reply =
        new ProducerRecord<>(partition.topic(), partition.partition(), requestId, "{}");
    reply.headers().add(Headers.REQUEST_ID, requestId.getBytes(UTF_8));
    reply.headers().add(Headers.EVENT, event.getBytes(UTF_8));
    reply.headers().add(Headers.WRITER, "writer".getBytes(UTF_8));
    reply.headers().add(Headers.ATTEMPT, "1".getBytes(UTF_8));
    if (sequence != null) {
      reply.headers().add(Headers.SEQUENCE, sequence.getBytes(UTF_8));
    }
    producer.send(reply).get(60, TimeUnit.SECONDS);
  }
}
