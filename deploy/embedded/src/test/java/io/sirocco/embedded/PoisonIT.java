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
import io.sirocco.testkit.GroupSessions;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.ReplyLogs;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of the requests on a partition is the end of every worker that computes it, in any way. */
@EnabledOnOs(OS.LINUX)
@OnEmbeddedKafka
class PoisonIT {
  private static final String POISON = "poison";
  private static final int GOOD = 200;
  private static final int MOST_CRASHES = 6;
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  private @Nullable WorkerProcess worker;
  private int crashes;
  private String model = "";
  private TopicPartition replies = new TopicPartition("", 0);
  private TopicPartition again = new TopicPartition("", 0);

  private void createTopics(KafkaBroker broker, String name) throws Exception {
    model = name;
    replies = new TopicPartition("chat.replies." + name, 0);
    again = new TopicPartition("chat.replies." + name + ".again", 0);
    GroupSessions.set(broker, Topics.workerGroup(Topics.requests(model)), Duration.ofSeconds(3));
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(Topics.requests(model), 1);
      topics.create(replies.topic(), 1);
      topics.create(again.topic(), 1);
    }
  }

  @AfterEach
  void endWorker() {
    if (worker != null) {
      worker.close();
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "sirocco.poison.hang", matches = "true")
  void itIsOneAsWellWhereWorkersHangUntilTheyAreEnded(KafkaBroker broker) throws Exception {
    itIsADeadLetterAfterSixCrashesAndTheTwoHundredAroundItAreAnswered(WayToEnd.HANG, broker);
  }

  @ParameterizedTest
  @EnumSource(
      value = WayToEnd.class,
      names = {"HALT", "THROW"})
  void itIsADeadLetterAfterSixCrashesAndTheTwoHundredAroundItAreAnswered(
      WayToEnd end, KafkaBroker broker) throws Exception {
    createTopics(broker, end.name().toLowerCase(Locale.ROOT));
    ReplyLogs logs = new ReplyLogs(broker);
    send(broker, 0, GOOD / 2);
    worker = MortalWorker.start(broker.bootstrapServers(), model, end);
    logs.readUntil(replies, 0, log -> ends(log) > 0, PATIENCE);
    send(broker, POISON, "Tell me about " + MortalWorker.DEADLY);
    send(broker, GOOD / 2, GOOD);

    List<ReplyRecord> log = logs.readUntil(
        replies,
        0,
        read -> {
          replaceTheDead(broker, end);
          return ends(read) > GOOD;
        },
        PATIENCE);

    for (int number = 0; number < GOOD; number++) {
      assertThat(ends(log, "good-" + number)).containsExactly(ReplyEvent.END);
    }
    assertThat(ends(log, POISON)).containsExactly(ReplyEvent.ERROR);
    // The first one may come before its start is on the way.
    assertThat(crashes).isBetween(MOST_CRASHES, MOST_CRASHES + 1);
    // One that did not die at once may have claimed it as well, with a second start.
    assertThat(log.stream()
            .filter(reply -> reply.event() == ReplyEvent.START)
            .filter(reply -> reply.requestId().equals(POISON))
            .map(ReplyRecord::writer)
            .distinct())
        .hasSize(MOST_CRASHES + 1);
    assertIsADeadLetterThatCanBeReplayed(broker, logs);
  }

  private void assertIsADeadLetterThatCanBeReplayed(KafkaBroker broker, ReplyLogs logs)
      throws Exception {
    Awaitility.await().atMost(PATIENCE).until(() -> dlt(broker, "list").lines().count() > 1);
    assertThat(dlt(broker, "list").lines().skip(1))
        .singleElement()
        .asString()
        .contains(Topics.requests(model) + "/0/" + GOOD / 2, POISON, "6 workers");
    assertThat(dlt(broker, "show", "0:0"))
        .contains("kafka_dlt-original-offset: " + GOOD / 2, "x-request-id: " + POISON);

    try (WorkerProcess healthy = WorkerProcess.start(
        "--bootstrap-server",
        broker.bootstrapServers(),
        "--model",
        model + "=../models/demo",
        "--set",
        "worker.threads=1")) {
      healthy.awaitLine("ready model=");
      endWorker(); // Or the partition would stay with it.
      dlt(broker, "replay", "--reply-topic", again.topic(), "0:0");
      List<ReplyRecord> log = logs.readUntil(again, 0, read -> ends(read) > 0, PATIENCE);
      assertThat(log.get(log.size() - 1).event()).isEqualTo(ReplyEvent.END);
    }
  }

  private String dlt(KafkaBroker broker, String command, String... more) {
    List<String> words = new ArrayList<>(
        List.of("dlt", command, "--bootstrap-server", broker.bootstrapServers(), "--model", model));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new)).out();
  }

  private void replaceTheDead(KafkaBroker broker, WayToEnd end) {
    WorkerProcess last = worker;
    try {
      if (last != null && last.isAlive() && last.lines(WayToEnd.HANGS) > 0) {
        last.signal("TERM");
        last.exitCode();
      }
      if (last != null && !last.isAlive()) {
        assertThat(last.exitCode()).as("%s", last.log()).isEqualTo(end.exitCode());
        crashes++;
        last.close();
        worker = MortalWorker.start(broker.bootstrapServers(), model, end);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static long ends(List<ReplyRecord> log) {
    return log.stream().filter(reply -> reply.event().isTerminal()).count();
  }

  private static List<ReplyEvent> ends(List<ReplyRecord> log, String id) {
    return ReplyLogs.answer(log, id).stream()
        .map(ReplyRecord::event)
        .filter(ReplyEvent::isTerminal)
        .toList();
  }

  private void send(KafkaBroker broker, int from, int to) throws Exception {
    for (int number = from; number < to; number++) {
      send(broker, "good-" + number, "What is the number " + number + "?");
    }
  }

  private void send(KafkaBroker broker, String id, String prompt) throws Exception {
    ChatRequest body = ChatRequest.builder()
        .message(ChatMessage.user(prompt))
        .temperature(0.0)
        .maxCompletionTokens(12)
        .stream(true)
        .build();
    ProducerRecord<String, byte[]> request =
        new ProducerRecord<>(Topics.requests(model), 0, id, new JsonCodec().writeBytes(body));
    request.headers().add(Headers.REPLY_TOPIC, replies.topic().getBytes(UTF_8));
    request.headers().add(Headers.REPLY_OFFSET, "0".getBytes(UTF_8));
    request.headers().add(Headers.REQUEST_ID, id.getBytes(UTF_8));
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new StringSerializer(),
        new ByteArraySerializer())) {
      producer.send(request).get();
    }
  }
}
