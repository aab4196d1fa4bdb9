package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.LeakCheck;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** When reply topics come and go. */
@OnEmbeddedKafka
@Timeout(180)
class ReplyTopicsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private String requestTopic = "";

  @BeforeEach
  void createRequestTopic(KafkaBroker broker, TestInfo test) {
    requestTopic = "chat.requests." + test.getTestMethod().orElseThrow().getName();
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(requestTopic, 2);
    }
  }

  @AfterEach
  void deleteWhatATestLeaves(KafkaBroker broker) {
    try (TestTopics topics = new TestTopics(broker)) {
      topics.delete(replyTopics(broker).toArray(String[]::new));
    }
  }

  private ClientSettings.Builder settings(KafkaBroker broker) {
    return ClientSettings.builder(broker.bootstrapServers())
        .requestTopic(requestTopic)
        .closeTimeout(PATIENCE)
        .readyTopics(4);
  }

  private static Set<String> replyTopics(KafkaBroker broker) {
    try (TestTopics topics = new TestTopics(broker)) {
      Set<String> names = new TreeSet<>(topics.names());
      names.removeIf(name -> !name.startsWith(Topics.REPLIES_PREFIX));
      return names;
    }
  }

  @Test
  void noneIsLeftAfterAClientThatReadItsAnswers(KafkaBroker broker) {
    try (EchoWorker worker =
        EchoWorker.start(broker.bootstrapServers(), requestTopic, EchoWorker.ECHO)) {
      SiroccoClient client = SiroccoClient.connect(settings(broker).build());
      List<ReplyStream> streams = List.of(
          client.submit(SubmitContract.ask("one")), client.submit(SubmitContract.ask("two")));
      streams.forEach(stream -> stream.await(PATIENCE));
      assertThat(replyTopics(broker)).hasSizeGreaterThanOrEqualTo(4);

      client.close();
      assertThat(worker.requests()).hasSize(2);
    }
    LeakCheck.assertNoReplyTopics(broker, PATIENCE);
  }

  @Test
  void noneIsLeftAfterAClientThatAskedNothing(KafkaBroker broker) {
    SiroccoClient client = SiroccoClient.connect(settings(broker).build());
    await().atMost(PATIENCE).until(() -> replyTopics(broker).size() == 4);

    client.close();

    LeakCheck.assertNoReplyTopics(broker, PATIENCE);
  }

  @Test
  void noneIsLeftAfterAClientThatIsClosedWhileItCreatesThem(KafkaBroker broker) {
    SiroccoClient.connect(settings(broker).readyTopics(40).build()).close();

    LeakCheck.assertNoReplyTopics(broker, PATIENCE);
  }

  @Test
  void isDeletedOnlyAfterItsRequestIsClosed(KafkaBroker broker) throws Exception {
    ClientSettings settings = settings(broker).deleteDelay(Duration.ZERO).build();
    try (SiroccoClient client = SiroccoClient.connect(settings)) {
      EchoWorker.Request open;
      try (EchoWorker worker = EchoWorker.start(
          broker.bootstrapServers(),
          requestTopic,
          EchoWorker.ECHO,
          request -> request.prompt().equals("closed"))) {
        client.submit(SubmitContract.ask("open"), keyOfPartition(0)).await(PATIENCE);
        client.submit(SubmitContract.ask("closed"), keyOfPartition(1)).await(PATIENCE);
        open = requestOf(worker, "open");
        EchoWorker.Request closed = requestOf(worker, "closed");

        // The open one ended first: the sweep that deletes the other has looked at it too.
        await().atMost(PATIENCE).until(() -> !replyTopics(broker).contains(closed.replyTopic()));
        assertThat(replyTopics(broker)).contains(open.replyTopic());
      }
      commitPast(broker, open);
      await().atMost(PATIENCE).until(() -> !replyTopics(broker).contains(open.replyTopic()));
    }
  }

  @Test
  void staysForTheWorkerWhenTheClientLeavesEarly(KafkaBroker broker) {
    ClientSettings settings = settings(broker).build();
    EchoWorker.Script never =
        (request, replies) -> replies.send(WireReply.start(request.id(), "w", 1));
    try (EchoWorker worker = EchoWorker.start(broker.bootstrapServers(), requestTopic, never)) {
      SiroccoClient client = SiroccoClient.connect(settings);
      ReplyStream stream = client.submit(SubmitContract.ask("unfinished"));
      assertThat(stream.records().iterator().next().headers()).containsEntry("event", "start");

      client.close();

      String unfinished = requestOf(worker, "unfinished").replyTopic();
      await().atMost(PATIENCE).until(() -> replyTopics(broker).equals(Set.of(unfinished)));
    }
  }

  @Test
  void isReplacedWhenNobodyTookItForHalfTheRetention(KafkaBroker broker) {
    ClientSettings settings = settings(broker)
        .replyRetention(Duration.ofSeconds(2))
        .deleteDelay(Duration.ZERO)
        .build();
    try (SiroccoClient client = SiroccoClient.connect(settings)) {
      await().atMost(PATIENCE).until(() -> replyTopics(broker).size() == 4);
      Set<String> first = replyTopics(broker);

      await().atMost(PATIENCE).until(() -> {
        Set<String> now = replyTopics(broker);
        return now.size() >= 4 && now.stream().noneMatch(first::contains);
      });
      assertThat(client).isNotNull();
    }
    LeakCheck.assertNoReplyTopics(broker, PATIENCE);
  }

  @Test
  void keepsTheSettingsThatMakeItCheap(KafkaBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        SiroccoClient client = SiroccoClient.connect(
            settings(broker).replyRetention(Duration.ofHours(2)).build())) {
      await().atMost(PATIENCE).until(() -> replyTopics(broker).size() == 4);
      var resource = new ConfigResource(
          ConfigResource.Type.TOPIC, replyTopics(broker).iterator().next());
      var config = Objects.requireNonNull(
          admin.describeConfigs(List.of(resource)).all().get().get(resource));

      assertThat(config.get("retention.ms").value()).isEqualTo("7200000");
      assertThat(config.get("segment.index.bytes").value()).isEqualTo("4096");
      assertThat(client).isNotNull();
    }
  }

  /** Keys that Kafka's own partitioner sends to partitions 0 and 1 of two. */
  private static SubmitOptions keyOfPartition(int partition) {
    for (int number = 0; ; number++) {
      String key = "key-" + number;
      byte[] bytes = key.getBytes(UTF_8);
      if (BuiltInPartitioner.partitionForKey(bytes, 2) == partition) {
        return SubmitOptions.builder().recordKey(key).build();
      }
    }
  }

  private static EchoWorker.Request requestOf(EchoWorker worker, String prompt) {
    return worker.requests().stream()
        .filter(request -> request.prompt().equals(prompt))
        .findFirst()
        .orElseThrow();
  }

  private void commitPast(KafkaBroker broker, EchoWorker.Request request) throws Exception {
    TopicPartition partition = new TopicPartition(requestTopic, request.partition());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .alterConsumerGroupOffsets(
              Topics.workerGroup(requestTopic), Map.of(partition, new OffsetAndMetadata(1)))
          .all()
          .get();
    }
  }
}
