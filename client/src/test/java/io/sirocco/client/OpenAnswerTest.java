package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.WaitEstimate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenAnswerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Answers answers = new Answers(new CallbackThreads("test"));

  @Test
  void recordsOfAReplacedWriterAreLeftOut() {
    answers
        .arrive(WireReply.start(Answers.REQUEST, "old", 1))
        .arrive(WireReply.delta(Answers.REQUEST, "old", 1, 0, "a"))
        .arrive(WireReply.start(Answers.REQUEST, "new", 2))
        .arrive(WireReply.delta(Answers.REQUEST, "old", 1, 1, "zombie"))
        .arrive(WireReply.delta(Answers.REQUEST, "new", 2, 1, "b."))
        .arrive(WireReply.end(Answers.REQUEST, "old", 1, 1))
        .arrive(WireReply.end(Answers.REQUEST, "new", 2, 2));

    List<RawReply> records = new ArrayList<>();
    answers.stream().records().forEach(records::add);

    assertThat(records).extracting(RawReply::offset).containsExactly(0L, 1L, 2L, 4L, 6L);
    assertThat(answers.stream().await(PATIENCE).text()).isEqualTo("ab.");
  }

  @Test
  void recordsOfOtherRequestsAndOfNobodyAreLeftOut() {
    answers
        .arrive()
        .arrive(WireReply.start("another", "w", 9))
        .arrive(WireReply.delta("another", "w", 9, 0, "not mine"))
        .arrive(new WireReply(Map.of("event", "delta"), "{}"))
        .arrive(WireReply.delta(Answers.REQUEST, "w", 1, 0, "mine."))
        .arrive(WireReply.end(Answers.REQUEST, "w", 1, 1));

    assertThat(answers.stream().await(PATIENCE).text()).isEqualTo("mine.");
  }

  @Test
  void completionInTheEndRecordIsTakenAsItIs() {
    ChatCompletion whole = new ChatCompletion(
        "chat-1",
        ChatCompletion.OBJECT,
        7,
        "echo",
        List.of(new ChatCompletion.Choice(
            0, ChatCompletion.Message.of("as the worker says."), FinishReason.STOP)),
        Usage.of(3, 4));
    answers.arrive("a").arrive(WireReply.end(Answers.REQUEST, "w", 1, 1, whole));

    assertThat(answers.stream().await(PATIENCE)).isEqualTo(whole);
    List<ChatChunk> chunks = new ArrayList<>();
    answers.stream().forEach(chunks::add);
    assertThat(chunks.get(1).choices()).isEmpty();
    assertThat(chunks.get(1).usage()).isEqualTo(Usage.of(3, 4));
  }

  @Test
  void bodyThatIsNotWhatItClaimsFailsTheAnswerWithoutRepeatingIt() {
    answers
        .arrive("a")
        .arrive(WireReply.of(
            Answers.REQUEST, ReplyEvent.DELTA, "w", 1, 1L, "{\"choices\": \"a secret\"}"));

    assertThatThrownBy(() -> answers.stream().await(PATIENCE))
        .isInstanceOf(ReplyLostException.class)
        .hasMessageContaining("event delta at offset 2")
        .hasMessageNotContaining("secret");
  }

  @Test
  void listenerIsToldOnceHowTheAnswerEnded() {
    List<String> told = new ArrayList<>();
    answers.answer().whenEnded(failure -> told.add("early " + failure));
    answers.arrive("a.").end();
    answers.answer().fail(new ClientClosedException("closed"));
    answers.answer().whenEnded(failure -> told.add("late " + failure));

    assertThat(told).containsExactly("early null", "late null");
  }

  @Test
  void progressIsToldWhileTheAnswerWaitsAndIsNoPartOfIt() {
    answers
        .arrive(progress("{\"ahead\":2}"))
        .arrive(progress("that nobody can read"))
        .arrive(progress("{\"ahead\":1,\"estimated_seconds\":3}"))
        .arrive(WireReply.start(Answers.REQUEST, "w", 1))
        .arrive(WireReply.delta(Answers.REQUEST, "w", 1, 0, "a."))
        .arrive(WireReply.end(Answers.REQUEST, "w", 1, 1))
        .arrive(progress("{\"ahead\":9}"));

    List<WaitEstimate> waits = new ArrayList<>();
    answers.stream().progress().forEach(waits::add);
    List<RawReply> records = new ArrayList<>();
    answers.stream().records().forEach(records::add);

    assertThat(waits).containsExactly(new WaitEstimate(2, null), new WaitEstimate(1, 3L));
    assertThat(records).extracting(RawReply::offset).containsExactly(3L, 4L, 5L);
    assertThat(answers.stream().await(PATIENCE).text()).isEqualTo("a.");
  }

  @Test
  void progressOfAnotherRequestIsNotOurs() {
    answers
        .arrive("a.")
        .arrive(WireReply.of("another", ReplyEvent.PROGRESS, "w", 1, null, "{\"ahead\":2}"))
        .arrive(WireReply.end(Answers.REQUEST, "w", 1, 1));

    assertThat(answers.stream().progress().iterator().hasNext()).isFalse();
  }

  private static WireReply progress(String body) {
    return WireReply.of(Answers.REQUEST, ReplyEvent.PROGRESS, "w", 1, null, body);
  }
}
