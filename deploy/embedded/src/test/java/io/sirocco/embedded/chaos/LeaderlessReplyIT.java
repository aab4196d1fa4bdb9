package io.sirocco.embedded.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.client.ClientSettings;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.embedded.SiroccoMain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The one broker dies that has the log of an answer. */
@EnabledOnOs(OS.LINUX)
@EnabledIfSystemProperty(
    named = "sirocco.leaderless",
    matches = "true",
    disabledReason = "two minutes of waiting, see CONTRIBUTING.md")
class LeaderlessReplyIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int BROKERS = 3;
  private static final String LONELY = "chat.replies.lonely";
  private static final ChatRequest REQUEST = ChatRequest.builder()
      .message(ChatMessage.user("What is a mistral?"))
      .maxCompletionTokens(8)
      .build();

  @Test
  @Timeout(600)
  void aReplyPartitionThatNobodyLeadsHoldsUpItsRequestAloneAndNotForEver(@TempDir Path folder)
      throws Exception {
    ChildCommand command = ChildCommand.of(SiroccoMain.class);
    try (BrokerCluster brokers = BrokerCluster.start(command, folder, BROKERS);
        Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrapServers()));
        ChildProcess worker = command.start(folder.resolve("worker.log"), arguments(brokers))) {
      admin
          .createTopics(List.of(new NewTopic(LONELY, Map.of(0, List.of(BROKERS)))))
          .all()
          .get();
      Awaitility.await().atMost(PATIENCE).until(() -> worker.hasSaid("ready model="));
      brokers.kill(BROKERS);
      Awaitility.await().atMost(PATIENCE).until(() -> hasNoLeader(admin));

      ask(brokers, "lost");
      try (SiroccoClient client =
          SiroccoClient.connect(ClientSettings.builder(brokers.bootstrapServers())
              .model(ChaosSettings.MODEL)
              .build())) {
        for (int i = 0; i < 3; i++) {
          assertThat(client.submit(REQUEST).await(PATIENCE).text()).isNotEmpty();
        }
      }
      CommittedLog log = new CommittedLog(brokers.bootstrapServers());
      assertThat(log.deadLetters()).as("the others waited for it").isEmpty();

      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(log.deadLetters()).containsExactly("lost"));
      assertThat(log.bills())
          .filteredOn(bill -> bill.requestId().equals("lost"))
          .singleElement()
          .satisfies(bill -> assertThat(bill.completionTokens()).isZero());
      assertThat(worker.hasSaid("lost partitions")).as("it was taken for dead").isFalse();
    }
  }

  private static List<String> arguments(BrokerCluster brokers) {
    return List.of(
        "worker",
        "--bootstrap-server=" + brokers.bootstrapServers(),
        "--model=" + ChaosSettings.MODEL + "=" + Path.of("..", "models", "demo"),
        "--set=worker.partitions=1",
        "--set=worker.precision=f32",
        "--set=worker.threads=1");
  }

  private static boolean hasNoLeader(Admin admin) throws Exception {
    return admin.describeTopics(List.of(LONELY)).allTopicNames().get().values().stream()
        .flatMap(topic -> topic.partitions().stream())
        .allMatch(partition -> partition.leader() == null || partition.leader().isEmpty());
  }

  private static void ask(BrokerCluster brokers, String id) throws Exception {
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", brokers.bootstrapServers()),
        new StringSerializer(),
        new ByteArraySerializer())) {
      ProducerRecord<String, byte[]> request = new ProducerRecord<>(
          Topics.requests(ChaosSettings.MODEL), id, new JsonCodec().writeBytes(REQUEST));
      request
          .headers()
          .add(Headers.REQUEST_ID, id.getBytes(UTF_8))
          .add(Headers.REPLY_TOPIC, LONELY.getBytes(UTF_8))
          .add(Headers.REPLY_OFFSET, "0".getBytes(UTF_8));
      producer.send(request).get();
    }
  }
}
