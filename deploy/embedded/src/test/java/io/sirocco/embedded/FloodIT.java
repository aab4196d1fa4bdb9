package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Many requests of one user in one partition, and one that comes behind them: a worker process. */
@OnEmbeddedKafka
@EnabledOnOs(OS.LINUX)
class FloodIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int FLOOD = 100;

  @Test
  void aFloodByOneUserDoesNotHoldUpAnotherBehindItInThePartition(KafkaBroker broker)
      throws Exception {
    try (WorkerProcess worker = start(broker, "flood");
        SiroccoClient client = client(broker, "flood")) {
      List<ReplyStream> flood = flood(client);

      client
          .submit(
              request("Hello!", 5).build(),
              SubmitOptions.builder().user("other").build())
          .await(PATIENCE);

      assertThat(ended(flood)).as("%s", worker.log()).isLessThan(FLOOD / 2);
    }
  }

  @Test
  void anUrgentRequestIsBegunBeforeThoseThatWait(KafkaBroker broker) throws Exception {
    try (WorkerProcess worker = start(broker, "urgent");
        SiroccoClient client = client(broker, "urgent")) {
      List<ReplyStream> flood = flood(client);

      client
          .submit(
              request("Hello!", 5).extra("service_tier", "priority").build(),
              SubmitOptions.builder().user("flood").build())
          .await(PATIENCE);

      assertThat(ended(flood)).as("%s", worker.log()).isLessThan(FLOOD / 2);
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

  private static long ended(List<ReplyStream> answers) {
    return answers.stream().filter(answer -> answer.completion().isDone()).count();
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
