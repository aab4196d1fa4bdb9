package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.chat.CompletionAssembler;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.LeakCheck;
import io.sirocco.testkit.ReplyGuarantee;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.model.ModelLoadException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * 32 requests at once, greedy ones and seeded draws in turn, a worker with 8 places, 4 partitions, the
 * demo model in float32.
 */
abstract class ManyRequestsContract {
  private static final int REQUESTS = 32;
  private static final int PLACES = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Where the likeliest token leads by less than this, another order of additions may decide. */
  private static final float NEAR_TIE = 1e-4f;

  @Test
  void eachRequestGetsExactlyTheAnswerThatItGetsAlone(KafkaBroker broker) throws Exception {
    List<ChatRequest> requests = requests();
    List<List<ReplyRecord>> answers = new ArrayList<>();
    WorkerSettings settings =
        WorkerSettings.of(broker.bootstrapServers(), "many").withPartitions(4);
    Worker worker = start(settings);
    try (SiroccoClient client =
        SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
            .model("many")
            .closeTimeout(PATIENCE)
            .build())) {
      List<ReplyStream> streams = requests.stream().map(client::submit).toList();
      for (ReplyStream stream : streams) {
        answers.add(read(stream));
      }
    } finally {
      worker.close();
    }

    answers.forEach(ReplyGuarantee::assertAllHold);
    System.out.printf(
        "answers that differ from those alone by a near tie: %d of %d%n",
        nearTies(requests, answers), REQUESTS);
    LeakCheck.assertNoReplyTopics(broker, PATIENCE);
  }

  private static Worker start(WorkerSettings settings)
      throws ModelLoadException, InterruptedException {
    return Worker.start(settings, DemoModels.f32(PLACES), new SimpleMeterRegistry(), fault -> {
      throw new AssertionError(fault);
    });
  }

  private static List<ReplyRecord> read(ReplyStream stream) {
    List<ReplyRecord> records = new ArrayList<>();
    for (RawReply reply : stream.records().within(PATIENCE)) {
      assertThat(reply.reply().requestId()).isEqualTo(stream.requestId());
      records.add(reply.reply());
    }
    return records;
  }

  /** Asserts that answers are equal, but for near ties, which it counts. */
  private static int nearTies(List<ChatRequest> requests, List<List<ReplyRecord>> answers)
      throws ModelLoadException, InvalidRequestException, MalformedJsonException {
    int nearTies = 0;
    try (AloneReference reference = new AloneReference(DemoModels.f32(1))) {
      for (int i = 0; i < requests.size(); i++) {
        AloneReference.Answer alone = reference.answer(requests.get(i));
        List<Integer> tokens =
            answers.get(i).stream().flatMap(reply -> reply.tokenIds().stream()).toList();
        if (isDrawn(i)) {
          assertThat(tokens).as("request %d", i).isEqualTo(alone.tokens());
        }
        if (!tokens.equals(alone.tokens())) {
          int first = firstDifference(tokens, alone.tokens());
          assertThat(alone.gaps().get(first))
              .as("request %d, token %d", i, first)
              .isLessThan(NEAR_TIE);
          nearTies++;
        } else {
          assertThat(text(answers.get(i))).as("request %d", i).isEqualTo(alone.text());
        }
      }
    }
    return nearTies;
  }

  private static String text(List<ReplyRecord> answer) throws MalformedJsonException {
    CompletionAssembler whole = new CompletionAssembler();
    JsonCodec codec = new JsonCodec();
    for (ReplyRecord reply : answer) {
      if (reply.event() == ReplyEvent.DELTA) {
        whole.append(codec.read(reply.body(), ChatChunk.class));
      }
    }
    return whole.completion().text();
  }

  private static int firstDifference(List<Integer> one, List<Integer> other) {
    int index = 0;
    while (index < one.size() && index < other.size() && one.get(index).equals(other.get(index))) {
      index++;
    }
    return Math.min(index, other.size() - 1);
  }

  private static boolean isDrawn(int request) {
    return request % 2 == 1;
  }

  /** Of many lengths: questions, sums, conversations, texts the model does not know. */
  private static List<ChatRequest> requests() {
    List<String> places =
        List.of("France", "Japan", "Peru", "Kenya", "Norway", "Canada", "Chad", "Fiji");
    List<ChatRequest> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      String place = places.get(i % places.size());
      ChatRequest.Builder request = ChatRequest.builder().temperature(0.0).stream(i % 4 != 3);
      if (isDrawn(i)) {
        request.temperature(0.9).topP(0.95).seed(1000L + i).maxCompletionTokens(64);
      }
      switch (i / places.size()) {
        case 0 -> request.message(ChatMessage.user("What is the capital of " + place + "?"));
        case 1 ->
          request
              .message(ChatMessage.user("What is a mistral?"))
              .message(ChatMessage.assistant("A wind that has nothing to do with " + place + "."))
              .message(ChatMessage.user("How does it form?"));
        case 2 ->
          request
              .message(ChatMessage.system("Answer in one sentence."))
              .message(ChatMessage.user(("Tell me about " + place + ". ").repeat(1 + 3 * (i % 8))))
              .maxCompletionTokens(5 + 7 * (i % 8));
        default ->
          request
              .message(ChatMessage.user("What is %d plus %d?".formatted(i % 8, i % 5)))
              .stop(List.of("is", "\n"));
      }
      requests.add(request.build());
    }
    return requests;
  }
}
