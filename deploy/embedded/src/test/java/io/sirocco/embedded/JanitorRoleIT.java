package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Two worker processes and what crashed requesters left beside them. */
@EnabledOnOs(OS.LINUX)
@OnEmbeddedKafka
class JanitorRoleIT {
  private static final String MODEL = "swept";
  private static final int REQUESTS = 200;
  private static final String LIVE = "chat.replies.crashed.live.1";
  private static final String STRANGE = "chat.replies.stranger.1";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Test
  void whatCrashedRequestersLeftIsGoneAfterTheSweepAndLiveTopicsStay(KafkaBroker broker)
      throws Exception {
    List<String> left =
        IntStream.range(0, REQUESTS).mapToObj(i -> Topics.replies("crashed", i)).toList();
    try (WorkerProcess one = start(broker);
        WorkerProcess other = start(broker);
        KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer());
        TestTopics topics = new TestTopics(broker)) {
      // Not before both are ready, or they would be old when the first record comes.
      create(broker, left);
      create(broker, List.of(LIVE, STRANGE, Topics.SHARED_REPLIES));
      for (String replies : left) {
        var unused = producer.send(request(replies)); // And never looks for the answer.
      }
      Awaitility.await().atMost(PATIENCE).until(() -> {
        var unused = producer.send(new ProducerRecord<>(LIVE, new byte[] {1}));
        // The brokers list a topic for a moment after its deletion.
        return deleted(one) + deleted(other) >= REQUESTS
            && replyTopics(topics).equals(Set.of(LIVE, STRANGE, Topics.SHARED_REPLIES));
      });

      assertThat(Math.min(deleted(one), deleted(other)))
          .as("of the one whose turn it was not")
          .isZero();
      one.signal("TERM");
      assertThat(one.exitCode()).as("%s", one.log()).isZero();
    }
  }

  /** How many topics it says that it has deleted. */
  private static int deleted(WorkerProcess worker) {
    return worker.log().stream()
        .filter(line -> line.contains("Deleted ") && line.contains(" reply topics "))
        .mapToInt(line -> Integer.parseInt(line.replaceAll(".*Deleted (\\d+) .*", "$1")))
        .sum();
  }

  private static Set<String> replyTopics(TestTopics topics) {
    return topics.names().stream()
        .filter(name -> name.startsWith(Topics.REPLIES_PREFIX))
        .collect(Collectors.toSet());
  }

  private static ProducerRecord<String, byte[]> request(String replies) {
    ChatRequest body =
        ChatRequest.builder()
            .message(ChatMessage.user("What is a mistral?"))
            .maxCompletionTokens(1)
            .stream(true)
            .build();
    ProducerRecord<String, byte[]> request =
        new ProducerRecord<>(Topics.requests(MODEL), null, new JsonCodec().writeBytes(body));
    request.headers().add(Headers.REPLY_TOPIC, replies.getBytes(UTF_8));
    request.headers().add(Headers.REPLY_OFFSET, "0".getBytes(UTF_8));
    return request;
  }

  private static void create(KafkaBroker broker, List<String> names) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              names.stream().map(name -> new NewTopic(name, 1, (short) 1)).toList())
          .all()
          .get();
    }
  }

  private static WorkerProcess start(KafkaBroker broker) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(
        "--bootstrap-server", broker.bootstrapServers(), "--model", MODEL + "=../models/demo"));
    for (String setting : List.of(
        "worker.partitions=2",
        "worker.threads=1",
        "janitor.prefix=chat.replies.crashed",
        "janitor.age=25s",
        "janitor.interval=1s",
        "janitor.batch=64")) {
      arguments.addAll(List.of("--set", setting));
    }
    WorkerProcess worker = WorkerProcess.start(arguments.toArray(String[]::new));
    worker.awaitLine("ready model=" + MODEL);
    return worker;
  }
}
