package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Many requests of one user in one partition, and one that comes behind them: a worker process. */
@OnEmbeddedKafka
@EnabledOnOs(OS.LINUX)
class FloodIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int FLOOD = 100;

  @Test
  void aFloodByOneUserDoesNotHoldUpAnotherBehindItInThePartition(KafkaBroker broker)
      throws Exception {
    assertNotHeldUp(broker, "flood", request("Hello!", 5), "other");
  }

  @Test
  void anUrgentRequestIsBegunBeforeThoseThatWait(KafkaBroker broker) throws Exception {
    assertNotHeldUp(
        broker, "urgent", request("Hello!", 5).extra("service_tier", "priority"), "flood");
  }

  /** The worker is started when all requests are there: whoever sends them may be slow. */
  private static void assertNotHeldUp(
      KafkaBroker broker, String model, ChatRequest.Builder last, String user) throws Exception {
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(Topics.requests(model), 1);
    }
    try (SiroccoClient client = client(broker, model)) {
      List<ReplyStream> flood = flood(client);
      awaitRequests(broker, model, FLOOD);
      ReplyStream behind =
          client.submit(last.build(), SubmitOptions.builder().user(user).build());
      awaitRequests(broker, model, FLOOD + 1);

      try (WorkerProcess worker = start(broker, model)) {
        behind.await(PATIENCE);

        assertThat(endedBefore(endMillis(behind), flood))
            .as("%s", worker.log())
            .isLessThan(FLOOD / 2);
      }
    }
  }

  private static void awaitRequests(KafkaBroker broker, String model, int count) {
    TopicPartition requests = new TopicPartition(Topics.requests(model), 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> admin
                  .listOffsets(Map.of(requests, OffsetSpec.latest()))
                  .partitionResult(requests)
                  .get()
                  .offset()
              == count);
    }
  }

  private static List<ReplyStream> flood(SiroccoClient client) {
    List<ReplyStream> flood = new ArrayList<>();
    for (int i = 0; i < FLOOD; i++) {
      flood.add(client.submit(
          request(i + ", tell me all about it.", 120).build(),
          SubmitOptions.builder().user("flood").build()));
    }
    return flood;
  }

  /** By the worker's own clock, as the test may look late. */
  private static long endedBefore(long millis, List<ReplyStream> answers) {
    return answers.stream()
        .filter(answer -> answer.completion().isDone())
        .filter(answer -> endMillis(answer) <= millis)
        .count();
  }

  private static long endMillis(ReplyStream answer) {
    long millis = 0;
    for (RawReply reply : answer.records().within(PATIENCE)) {
      millis = reply.timestampMillis();
    }
    return millis;
  }

  private static ChatRequest.Builder request(String question, int tokens) {
    return ChatRequest.builder()
        .message(ChatMessage.user(question))
        .maxCompletionTokens(tokens)
        .extra("min_tokens", tokens)
        .stream(true);
  }

  private static WorkerProcess start(KafkaBroker broker, String model) throws Exception {
    WorkerProcess worker = WorkerProcess.start(
        "--bootstrap-server",
        broker.bootstrapServers(),
        "--model",
        model + "=../models/demo",
        "--set",
        "worker.partitions=1",
        "--set",
        "worker.threads=1",
        "--set",
        "worker.grace=0s");
    worker.awaitLine("ready model=" + model);
    return worker;
  }

  private static SiroccoClient client(KafkaBroker broker, String model) {
    return SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
        .model(model)
        .readyTopics(FLOOD + 2)
        .build());
  }
}
