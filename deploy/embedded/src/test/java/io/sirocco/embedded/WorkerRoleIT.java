package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A worker in a process of its own, and the signals that end it. */
@OnEmbeddedKafka
@EnabledOnOs(OS.LINUX)
class WorkerRoleIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int REQUESTS = 12;

  @Test
  void sigtermLetsAnswersInProgressEndAndLeavesTheGroup(KafkaBroker broker) throws Exception {
    try (WorkerProcess worker = start(broker, "drained", "worker.slots=1");
        SiroccoClient client = client(broker, "drained")) {
      List<ReplyStream> answers = submitMany(client);
      long signalledMillis = System.currentTimeMillis();
      worker.signal("TERM");

      assertThat(worker.exitCode()).as("%s", worker.log()).isZero();
      long lastMillis =
          answers.stream().mapToLong(WorkerRoleIT::endMillis).max().orElseThrow();
      assertThat(lastMillis).isGreaterThan(signalledMillis);
      assertThat(worker.log()).anyMatch(line -> line.contains("worker stopped"));
      String group = Topics.workerGroup(Topics.requests("drained"));
      assertThat(members(broker, group)).isEmpty();
      assertThat(committed(broker, group)).isEqualTo(REQUESTS);
    }
  }

  @Test
  void secondInterruptEndsAtOnceWithOneLine(KafkaBroker broker) throws Exception {
    try (WorkerProcess worker =
            start(broker, "hasty", "worker.slots=1", "worker.inbox-capacity=100");
        SiroccoClient client = client(broker, "hasty")) {
      var unused = submitMany(client);
      worker.signal("INT");
      worker.awaitLine("worker draining");
      worker.signal("INT");

      assertThat(worker.exitCode()).as("%s", worker.log()).isEqualTo(130);
      assertThat(worker.lines("ended at once by a second signal")).isEqualTo(1);
      assertThat(worker.lines("worker stopped")).isZero();
    }
  }

  @Test
  void interruptEndsAnIdleWorkerWithTheCodeOfShells(KafkaBroker broker) throws Exception {
    try (WorkerProcess worker = start(broker, "idle")) {
      worker.signal("INT");

      assertThat(worker.exitCode()).as("%s", worker.log()).isEqualTo(130);
      assertThat(worker.lines("worker stopped")).isEqualTo(1);
    }
  }

  @Test
  void settingsReachTheClientsAndAreLoggedOnceWithSecretsMasked(KafkaBroker broker)
      throws Exception {
    try (WorkerProcess worker =
        start(broker, "masked", "kafka.ssl.key.password=hunter2", "kafka.client.id=w1")) {
      worker.awaitLine("assigned partitions");
      String group = Topics.workerGroup(Topics.requests("masked"));
      assertThat(members(broker, group)).extracting(MemberDescription::clientId).containsOnly("w1");
      assertThat(worker.lines("settings:")).isEqualTo(1);
      assertThat(worker.log())
          .contains(
              "  kafka.client.id=w1 (command line)", "  kafka.ssl.key.password=*** (command line)")
          .noneMatch(line -> line.contains("hunter2"))
          .noneMatch(line -> line.contains("WARN"));
    }
  }

  private static WorkerProcess start(KafkaBroker broker, String model, String... settings)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of(
        "--bootstrap-server", broker.bootstrapServers(), "--model", model + "=../models/demo"));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of("--set", "worker.partitions=1", "--set", "worker.grace=5m"));
    WorkerProcess worker = WorkerProcess.start(arguments.toArray(String[]::new));
    worker.awaitLine("ready model=" + model);
    return worker;
  }

  private static SiroccoClient client(KafkaBroker broker, String model) {
    return SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
        .model(model)
        .readyTopics(REQUESTS)
        .refillAt(1)
        .build());
  }

  /** Returns a long answer that is under way, and others that its worker knows of behind it. */
  private static List<ReplyStream> submitMany(SiroccoClient client) {
    List<ReplyStream> answers = new ArrayList<>();
    answers.add(submit(client, 900));
    awaitFirstDelta(answers.get(0));
    while (answers.size() < REQUESTS) {
      answers.add(submit(client, 60));
    }
    answers.subList(1, REQUESTS).forEach(WorkerRoleIT::awaitTakenIn);
    return answers;
  }

  private static ReplyStream submit(SiroccoClient client, int tokens) {
    return client.submit(ChatRequest.builder()
        .message(ChatMessage.user("What is a mistral?"))
        .maxCompletionTokens(tokens)
        .extra("ignore_eos", true)
        .stream(true)
        .build());
  }

  private static void awaitFirstDelta(ReplyStream answer) {
    for (RawReply reply : answer.records().within(PATIENCE)) {
      if (reply.reply().event() == ReplyEvent.DELTA) {
        return;
      }
    }
    throw new AssertionError("expected a delta, found none");
  }

  /** Waits until its worker knows of a request: tells of its place, or has answered it. */
  private static void awaitTakenIn(ReplyStream answer) {
    var unused = answer.progress().within(PATIENCE).iterator().hasNext();
  }

  private static long endMillis(ReplyStream answer) {
    long millis = 0;
    for (RawReply reply : answer.records().within(PATIENCE)) {
      if (reply.reply().event() == ReplyEvent.END) {
        millis = reply.timestampMillis();
      }
    }
    assertThat(millis).as("%s has an end", answer).isPositive();
    return millis;
  }

  private static List<MemberDescription> members(KafkaBroker broker, String group)
      throws Exception {
    try (Admin admin = admin(broker)) {
      return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
          .flatMap(described -> described.members().stream())
          .toList();
    }
  }

  private static long committed(KafkaBroker broker, String group) throws Exception {
    try (Admin admin = admin(broker)) {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    }
  }

  private static Admin admin(KafkaBroker broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }
}
