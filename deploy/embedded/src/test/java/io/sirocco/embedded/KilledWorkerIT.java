package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.testkit.GroupSessions;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.ReplyLogs;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A worker process is killed while a long answer holds the committed offset back. */
@EnabledOnOs(OS.LINUX)
@OnEmbeddedKafka
class KilledWorkerIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  /** So that the long answer goes on for three quarters of a minute. */
  private static final Duration STEP = Duration.ofMillis(50);

  private static final List<String> SHORT = List.of("short-0", "short-1", "short-2");
  private static final String LONG = "long";

  @Test
  void whatWasFinishedIsNeitherAnsweredNorBilledAgain(KafkaBroker broker) throws Exception {
    TopicPartition replies = new TopicPartition("chat.replies.killed", 0);
    ReplyLogs logs = new ReplyLogs(broker);
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(replies.topic(), 1);
      topics.create(Topics.requests("demo"), 1);
    }
    GroupSessions.set(broker, Topics.workerGroup(Topics.requests("demo")), Duration.ofSeconds(3));
    try (WorkerProcess first = PacedWorker.start(broker.bootstrapServers(), "demo", STEP)) {
      send(broker, replies, LONG, 900);
      logs.readUntil(
          replies, 0, log -> log.stream().anyMatch(r -> r.event() == ReplyEvent.DELTA), PATIENCE);
      for (String id : SHORT) {
        send(broker, replies, id, 2);
      }
      assertThat(billed(broker, Set.copyOf(SHORT))).containsOnlyKeys(SHORT);
      first.signal("KILL");
      first.exitCode();
    }

    try (WorkerProcess second = worker(broker)) {
      Map<String, Integer> bills = billed(broker, Set.of("short-0", "short-1", "short-2", LONG));
      assertThat(bills).hasSize(4).allSatisfy((id, events) -> assertThat(events).isEqualTo(1));
      second.signal("TERM");
      assertThat(second.exitCode()).as("%s", second.log()).isZero();
    }

    List<ReplyRecord> log = logs.readToEnd(replies, 0);
    assertThat(SHORT)
        .allSatisfy(id -> assertThat(log)
            .filteredOn(reply -> reply.requestId().equals(id) && reply.event() == ReplyEvent.START)
            .hasSize(1));
  }

  private static WorkerProcess worker(KafkaBroker broker) throws Exception {
    WorkerProcess worker = WorkerProcess.start(
        "--bootstrap-server", broker.bootstrapServers(), "--set", "worker.threads=1");
    worker.awaitLine("ready model=demo");
    return worker;
  }

  private static void send(KafkaBroker broker, TopicPartition replies, String id, int tokens)
      throws Exception {
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new StringSerializer(),
        new ByteArraySerializer())) {
      ChatRequest body = ChatRequest.builder()
          .message(ChatMessage.user("Tell me everything."))
          .temperature(2.0)
          .seed(7L)
          .maxCompletionTokens(tokens)
          .extra("ignore_eos", true)
          .extra("n", id.equals(LONG) ? 4 : 1)
          .stream(true)
          .build();
      ProducerRecord<String, byte[]> request =
          new ProducerRecord<>(Topics.requests("demo"), null, new JsonCodec().writeBytes(body));
      request.headers().add(Headers.REPLY_TOPIC, replies.topic().getBytes(UTF_8));
      request.headers().add(Headers.REQUEST_ID, id.getBytes(UTF_8));
      producer.send(request).get();
    }
  }

  /** Waits for a committed usage event of each of {@code ids}; returns how many there are of each. */
  private static Map<String, Integer> billed(KafkaBroker broker, Set<String> ids) {
    Map<String, Integer> events = new TreeMap<>();
    try (KafkaConsumer<String, byte[]> reader = new KafkaConsumer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
        new StringDeserializer(),
        new ByteArrayDeserializer())) {
      List<TopicPartition> usage = reader.partitionsFor(Topics.USAGE).stream()
          .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
          .toList();
      reader.assign(usage);
      reader.seekToBeginning(usage);
      Awaitility.await().atMost(PATIENCE).until(() -> {
        for (ConsumerRecord<String, byte[]> event : reader.poll(Duration.ofMillis(100))) {
          UsageEvent bill = new JsonCodec().read(event.value(), UsageEvent.class);
          events.merge(bill.requestId(), 1, Integer::sum);
        }
        return events.keySet().containsAll(ids);
      });
    }
    return events;
  }
}
