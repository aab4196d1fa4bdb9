package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.client.ChatFailedException;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** One id, more than one record: a worker process, its client, and what is billed. */
@OnEmbeddedKafka
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepeatIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String MODEL = "repeat";

  private KafkaBroker kafka;
  private WorkerProcess worker;
  private SiroccoClient client;

  /** Begins all users and ids of a test, so that one worker serves all tests. */
  private String test;

  @BeforeAll
  void start(KafkaBroker broker) throws Exception {
    kafka = broker;
    startWorker();
    client = SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
        .model(MODEL)
        .readyTopics(4)
        .build());
  }

  @BeforeEach
  void name(TestInfo info) {
    test = Integer.toHexString(info.getDisplayName().hashCode());
  }

  private void startWorker() throws Exception {
    worker = WorkerProcess.start(
        "--bootstrap-server",
        kafka.bootstrapServers(),
        "--model",
        MODEL + "=../models/demo",
        "--set",
        "worker.partitions=1",
        "--set",
        "worker.threads=1");
    worker.awaitLine("ready model=" + MODEL);
  }

  @AfterAll
  void stop() {
    client.close();
    worker.close();
  }

  @Test
  void aRepeatOfARunningRequestGetsItsAnswerAndNoBill() {
    ReplyStream first = ask("u", "id", "Tell me of the wind.");
    ReplyStream repeat = ask("u", "id", "Tell me of the wind.");

    String text = first.await(PATIENCE).text();
    assertThat(repeat.await(PATIENCE).text()).isEqualTo(text);
    assertThat(repeat.handle()).isEqualTo(first.handle());
    ask("u", "after", "Tell me of the wind.").await(PATIENCE); // On the same partition, behind it.
    assertThat(awaitBills("after"))
        .filteredOn(bill -> bill.requestId().equals("id"))
        .hasSize(1);
  }

  @Test
  void aRepeatAfterTheWorkerWasReplacedGetsTheFirstAnswerAndNoBill() throws Exception {
    ReplyStream first = ask("u", "id", "Tell me of the wind.");
    String text = first.await(PATIENCE).text();
    awaitBills("id");
    worker.signal("TERM");
    assertThat(worker.exitCode()).isZero();
    worker.close();
    startWorker();

    ReplyStream repeat = ask("u", "id", "Tell me of the wind.");

    assertThat(repeat.await(PATIENCE).text()).isEqualTo(text);
    assertThat(repeat.handle()).isEqualTo(first.handle());
    ask("u", "after", "Tell me of the wind.").await(PATIENCE);
    assertThat(awaitBills("after"))
        .filteredOn(bill -> bill.requestId().equals("id"))
        .hasSize(1);
  }

  @Test
  void anotherBodyUnderTheIdIsAnError() {
    ask("u", "id", "Tell me of the wind.").await(PATIENCE);

    assertThatThrownBy(() -> ask("u", "id", "Tell me of the sea.").await(PATIENCE))
        .isInstanceOfSatisfying(
            ChatFailedException.class,
            failure -> assertThat(failure.body().error().code()).isEqualTo("request_id_conflict"));
  }

  @Test
  void anotherUsersIdIsAsIfItDidNotExist() {
    ReplyStream first = ask("u", "id", "Tell me of the wind.");
    first.await(PATIENCE);
    ReplyStream other = ask("v", "id", "Tell me of the sea.");
    other.await(PATIENCE);

    assertThat(other.handle()).isNotEqualTo(first.handle());
  }

  @Test
  void aRepeatWhoseFirstAnswerWasDeletedIsAnsweredAnew() throws Exception {
    ReplyStream first = ask("u", "id", "Tell me of the wind.");
    first.await(PATIENCE);
    awaitBills("id");
    try (TestTopics topics = new TestTopics(kafka)) {
      topics.delete(first.handle().replyTopic());
    }

    ReplyStream repeat = ask("u", "id", "Tell me of the wind.");

    repeat.await(PATIENCE);
    assertThat(repeat.handle()).isNotEqualTo(first.handle());
  }

  @Test
  void whoKnowsUserAndIdFindsTheAnswer() {
    String text = ask("u", "id", "Tell me of the wind.").await(PATIENCE).text();

    assertThat(client
            .attach(RequestKey.of(test + "u", test + "id"), 0)
            .await(PATIENCE)
            .text())
        .isEqualTo(text);
  }

  private ReplyStream ask(String user, String id, String question) {
    return client.submit(
        ChatRequest.builder().message(ChatMessage.user(question)).maxCompletionTokens(30).stream(
                true)
            .build(),
        SubmitOptions.builder().user(test + user).requestId(test + id).build());
  }

  /** Those of this test, when that of {@code id} is there. */
  private List<Bill> awaitBills(String id) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            this::bills, all -> all.stream().anyMatch(bill -> bill.requestId().equals(id)));
  }

  private record Bill(String requestId, int completionTokens) {}

  private List<Bill> bills() throws Exception {
    List<Bill> bills = new ArrayList<>();
    Map<String, Object> properties =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = consumer.partitionsFor(Topics.USAGE).stream()
          .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
          .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, byte[]> each : consumer.poll(Duration.ofMillis(100))) {
          UsageEvent event = new JsonCodec().read(each.value(), UsageEvent.class);
          if (event.requestId().startsWith(test)) {
            bills.add(
                new Bill(event.requestId().substring(test.length()), event.completionTokens()));
          }
        }
      }
    }
    return bills;
  }
}
