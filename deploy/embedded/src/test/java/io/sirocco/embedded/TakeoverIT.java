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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Of two worker processes one is killed in mid-answer: nobody who reads notices. */
@OnEmbeddedKafka
@EnabledOnOs(OS.LINUX)
class TakeoverIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration SESSION = Duration.ofSeconds(3);
  /** So that an answer takes half a minute, of which some seconds pass until the kill. */
  private static final Duration STEP = Duration.ofMillis(250);

  private static final int REQUESTS = 4;
  private static final float TIE = 1e-4f;

  @Test
  void whatAKilledWorkerBeganAnotherGoesOnWith(KafkaBroker broker) throws Exception {
    GroupSessions.set(broker, Topics.workerGroup(Topics.requests("killed")), SESSION);
    try (WorkerProcess victim = PacedWorker.start(broker.bootstrapServers(), "killed", STEP);
        SiroccoClient client = client(broker, "killed")) {
      List<ReplyStream> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        answers.add(client.submit(request(i)));
      }
      awaitDeltas(answers.get(0), 5);
      try (WorkerProcess heir = start(broker, "killed")) {
        victim.signal("KILL");

        int takenOver = 0;
        try (AloneReference reference = new AloneReference(DemoModels.f32(1))) {
          for (int i = 0; i < REQUESTS; i++) {
            ReplyCheckpoint answer = assertUnbroken(answers.get(i), reference, request(i), i);
            takenOver += Objects.requireNonNull(answer.fold().currentStart()).attempt() > 1 ? 1 : 0;
          }
        }
        assertThat(takenOver).as("answers gone on with, %s", heir.log()).isPositive();
        assertThat(heir.log()).noneMatch(line -> line.contains("ERROR"));
      }
    }
  }

  private static ReplyCheckpoint assertUnbroken(
      ReplyStream stream, AloneReference reference, ChatRequest request, int i) throws Exception {
    ReplyCheckpoint answer = new ReplyCheckpoint(stream.requestId(), new JsonCodec());
    for (RawReply reply : stream.records().within(PATIENCE)) {
      answer.accept(reply.reply());
    }
    AnswerEnd end = Objects.requireNonNull(answer.end());
    assertThat(end.error()).as("request %d", i).isNull();
    AloneReference.Answer alone = reference.answer(request);
    List<Integer> ids = answer.choice(0).tokenIds();
    assertThat(Objects.requireNonNull(end.usage()).completionTokens()).isEqualTo(ids.size());
    int same = 0;
    while (same < ids.size()
        && same < alone.tokens().size()
        && ids.get(same).equals(alone.tokens().get(same))) {
      same++;
    }
    if (same < Math.max(ids.size(), alone.tokens().size())) {
      assertThat(alone.gaps().get(same))
          .as("request %d, lead of token %d", i, same)
          .isLessThan(TIE);
    } else {
      assertThat(answer.choice(0).text()).as("request %d", i).isEqualTo(alone.text());
    }
    return answer;
  }

  /** Nonsense of some length, which is the same in float32 whoever computes it. */
  private static ChatRequest request(int i) {
    return ChatRequest.builder()
        .message(ChatMessage.user("Tell me everything about number %d.".formatted(i)))
        .temperature(new Random(i).nextBoolean() ? 0.0 : 1.5)
        .seed((long) i)
        .maxCompletionTokens(160)
        .extra("min_tokens", 120)
        .stream(true)
        .build();
  }

  private static void awaitDeltas(ReplyStream answer, int count) {
    int deltas = 0;
    for (RawReply reply : answer.records().within(PATIENCE)) {
      deltas += reply.reply().event() == ReplyEvent.DELTA ? 1 : 0;
      if (deltas == count) {
        return;
      }
    }
    throw new AssertionError("expected %d deltas, found %d".formatted(count, deltas));
  }

  private static WorkerProcess start(KafkaBroker broker, String model) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(
        "--bootstrap-server", broker.bootstrapServers(), "--model", model + "=../models/demo"));
    for (String setting :
        List.of("worker.partitions=1", "worker.precision=f32", "worker.threads=1")) {
      arguments.addAll(List.of("--set", setting));
    }
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
}
