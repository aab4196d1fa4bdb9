package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sirocco.client.ChatFailedException;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.GroupSessions;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.ReplyLogs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A worker process is killed, and what it was answering is cancelled by the command line. */
@OnEmbeddedKafka
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class CancelOnHeirIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  /** So that an answer would go on for a minute and a half. */
  private static final Duration STEP = Duration.ofMillis(100);

  @Test
  void whatIsCancelledAfterItsWorkerWasKilledIsEndedByTheHeir(KafkaBroker broker) throws Exception {
    String id = "cancelled-on-heir";
    try (WorkerProcess victim = startPaced(broker, "heir");
        SiroccoClient client = client(broker, "heir")) {
      ReplyStream answer = submit(client, id);
      try (WorkerProcess heir = start(broker, "heir")) {
        victim.signal("KILL");
        victim.exitCode();
        cancel(broker, id);

        assertEndedByAnother(broker, answer);
        assertThat(heir.log()).noneMatch(line -> line.contains("ERROR"));
      }
    }
  }

  @Test
  void whatWasCancelledBeforeTheHeirWasStartedIsEndedByIt(KafkaBroker broker) throws Exception {
    String id = "cancelled-on-late-heir";
    try (SiroccoClient client = client(broker, "late-heir")) {
      ReplyStream answer;
      try (WorkerProcess victim = startPaced(broker, "late-heir")) {
        answer = submit(client, id);
        victim.signal("KILL");
        victim.exitCode();
      }
      cancel(broker, id);
      try (WorkerProcess heir = start(broker, "late-heir")) {
        assertEndedByAnother(broker, answer);
        assertThat(heir.log()).noneMatch(line -> line.contains("ERROR"));
      }
    }
  }

  private static void cancel(KafkaBroker broker, String id) {
    CommandLineRun run =
        CommandLineRun.of("cancel", "--bootstrap-server", broker.bootstrapServers(), id);
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private static void assertEndedByAnother(KafkaBroker broker, ReplyStream answer) {
    ChatFailedException failure = Objects.requireNonNull(
        catchThrowableOfType(ChatFailedException.class, () -> answer.await(PATIENCE)));
    assertThat(failure.body().error().code()).isEqualTo("cancelled");
    List<ReplyRecord> log = ReplyLogs.answer(log(broker, answer), answer.requestId());
    int read = log.stream().mapToInt(reply -> reply.tokenIds().size()).sum();
    ReplyRecord last = log.get(log.size() - 1);
    assertThat(last.attempt()).isGreaterThan(1);
    assertThat(Objects.requireNonNull(failure.body().usage()).completionTokens())
        .isEqualTo(read);

    assertThat(UsageEvents.of(broker, answer.requestId())).singleElement().satisfies(bill -> {
      assertThat(bill.outcome()).isEqualTo("cancelled");
      assertThat(bill.completionTokens()).isEqualTo(read);
    });
  }

  private static List<ReplyRecord> log(KafkaBroker broker, ReplyStream answer) {
    ReplyHandle handle = answer.handle();
    return new ReplyLogs(broker)
        .readToTerminal(
            new TopicPartition(handle.replyTopic(), handle.replyPartition()),
            handle.replyOffset(),
            answer.requestId(),
            PATIENCE);
  }

  /** Returns an answer that is under way, and would be for long. */
  private static ReplyStream submit(SiroccoClient client, String id) {
    ReplyStream answer = client.submit(
        ChatRequest.builder()
            .message(ChatMessage.user("Tell me everything."))
            .temperature(2.0)
            .maxCompletionTokens(900)
            .extra("ignore_eos", true)
            .extra("n", 4)
            .stream(true)
            .build(),
        SubmitOptions.builder().requestId(id).build());
    for (RawReply reply : answer.records().within(PATIENCE)) {
      if (reply.reply().event() == ReplyEvent.DELTA) {
        return answer;
      }
    }
    throw new AssertionError("expected an answer, found none");
  }

  private static WorkerProcess startPaced(KafkaBroker broker, String model) throws Exception {
    GroupSessions.set(broker, Topics.workerGroup(Topics.requests(model)), Duration.ofSeconds(3));
    return PacedWorker.start(broker.bootstrapServers(), model, STEP);
  }

  private static WorkerProcess start(KafkaBroker broker, String model) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(
        "--bootstrap-server", broker.bootstrapServers(), "--model", model + "=../models/demo"));
    for (String setting : List.of("worker.partitions=1", "worker.threads=1")) {
      arguments.addAll(List.of("--set", setting));
    }
    WorkerProcess worker = WorkerProcess.start(arguments.toArray(String[]::new));
    worker.awaitLine("ready model=" + model);
    return worker;
  }

  private static SiroccoClient client(KafkaBroker broker, String model) {
    return SiroccoClient.connect(
        ClientSettings.builder(broker.bootstrapServers()).model(model).build());
  }
}
