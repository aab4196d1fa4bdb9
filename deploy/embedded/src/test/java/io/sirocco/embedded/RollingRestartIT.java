package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.AnswerEnd;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.GroupSessions;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Three worker processes are replaced one after the other while answers are running; {@code
 * -Dsirocco.rolling.streams=100} has that many run.
 *
 * <p>{@code worker.grace} is 0: with any other, these answers would end where they are, and nothing
 * would be handed over. Answers that come to a worker that waits for its own to end are played in {@code
 * IntakeLoopTest}.
 */
@EnabledOnOs(OS.LINUX)
@OnEmbeddedKafka
class RollingRestartIT {
  private static final String MODEL = "rolling";
  private static final int WORKERS = 3;
  private static final int STREAMS = Integer.getInteger("sirocco.rolling.streams", 12);
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  /** A worker that did not leave in good order would be missed that late. */
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(60);

  /** How an answer went. */
  private record Answer(int attempts, Duration longestPause) {}

  @Test
  void noStreamFailsOrWaitsUntilAWorkerIsTakenForDead(KafkaBroker broker) throws Exception {
    // So that no takeover by timeout is mistaken for one in good order.
    GroupSessions.set(broker, Topics.workerGroup(Topics.requests(MODEL)), SESSION_TIMEOUT);
    ExecutorService readers = Executors.newFixedThreadPool(STREAMS);
    Deque<WorkerProcess> workers = new ArrayDeque<>();
    List<Future<Answer>> reading = new ArrayList<>();
    try (SiroccoClient client =
        SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
            .model(MODEL)
            .readyTopics(STREAMS)
            .refillAt(1)
            .build())) {
      for (int i = 0; i < WORKERS; i++) {
        workers.add(start(broker));
      }
      for (int i = 0; i < WORKERS; i++) {
        List<ReplyStream> streams = new ArrayList<>();
        for (int stream = 0; stream < STREAMS; stream++) {
          streams.add(client.submit(request(i * STREAMS + stream)));
        }
        streams.get(0).chunks().within(PATIENCE).iterator().next();
        streams.forEach(stream -> reading.add(readers.submit(() -> read(stream))));
        WorkerProcess oldest = workers.remove();
        oldest.signal("TERM");
        assertThat(oldest.exitCode()).as("%s", oldest.log()).isZero();
        assertThat(oldest.log()).noneMatch(RollingRestartIT::isFault);
        oldest.close();
        workers.add(start(broker));
        for (Future<Answer> each : reading) {
          each.get(); // Fails with what was wrong.
        }
      }
      int takenOver = 0;
      Duration longest = Duration.ZERO;
      for (Future<Answer> each : reading) {
        takenOver += each.get().attempts() > 1 ? 1 : 0;
        Duration pause = each.get().longestPause();
        longest = pause.compareTo(longest) > 0 ? pause : longest;
      }
      System.out.printf(
          "rolling restart: %d answers, %d taken over, longest pause %d ms%n",
          reading.size(), takenOver, longest.toMillis());
      assertThat(takenOver).isPositive();
      assertThat(longest).isLessThan(SESSION_TIMEOUT);
    } finally {
      workers.forEach(WorkerProcess::close);
      readers.shutdownNow();
    }
  }

  /** Kafka's consumer calls it an error to be closed while partitions move, and leaves all the same. */
  private static boolean isFault(String line) {
    return line.contains("were not closed within")
        || (line.contains("ERROR") && !line.contains("ConsumerMembershipManager"));
  }

  private static Answer read(ReplyStream stream) throws Exception {
    ReplyCheckpoint answer = new ReplyCheckpoint(stream.requestId(), new JsonCodec());
    long last = 0;
    long longest = 0;
    for (RawReply reply : stream.records().within(PATIENCE)) {
      answer.accept(reply.reply());
      if (reply.reply().event() == ReplyEvent.DELTA) {
        long now = reply.reply().timestampMillis();
        longest = Math.max(longest, last == 0 ? 0 : now - last);
        last = now;
      }
    }
    AnswerEnd end = Objects.requireNonNull(answer.end());
    assertThat(end.error()).isNull();
    assertThat(Objects.requireNonNull(end.usage()).completionTokens())
        .isEqualTo(answer.completionTokens());
    return new Answer(
        Objects.requireNonNull(answer.fold().currentStart()).attempt(), Duration.ofMillis(longest));
  }

  private static ChatRequest request(int number) {
    return ChatRequest.builder()
        .message(ChatMessage.user("Tell me everything about number %d.".formatted(number)))
        .user("user-" + number)
        .temperature(0.0)
        .maxCompletionTokens(300)
        .extra("ignore_eos", true)
        .stream(true)
        .build();
  }

  private static WorkerProcess start(KafkaBroker broker) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(
        "--bootstrap-server", broker.bootstrapServers(), "--model", MODEL + "=../models/demo"));
    for (String setting : List.of(
        "worker.partitions=6",
        "worker.precision=f32",
        "worker.threads=1",
        "worker.context-tokens=512",
        "worker.slots=" + Math.max(16, STREAMS), // Whoever waits for a place does not run.
        "worker.cache-tokens=" + 512 * Math.max(16, STREAMS),
        "worker.grace=0s")) {
      arguments.addAll(List.of("--set", setting));
    }
    WorkerProcess worker = WorkerProcess.start(arguments.toArray(String[]::new));
    worker.awaitLine("ready model=" + MODEL);
    worker.awaitLine("assigned partitions=");
    return worker;
  }
}
