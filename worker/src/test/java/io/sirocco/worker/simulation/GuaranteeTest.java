package io.sirocco.worker.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyCheckpoint.Choice;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.worker.intake.GroupProtocol;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Violations that are made up are found: a check that finds none holds nothing. */
class GuaranteeTest {
  private static final TopicPartition REQUESTS = new TopicPartition(SimWorld.REQUESTS, 0);
  private static final TopicPartition REPLIES = new TopicPartition("chat.replies.r0", 0);
  private static final long MILLIS = 1_795_000_000_000L;
  private static final Choice WHOLE = new Choice("ab", List.of(2, 3), FinishReason.STOP);

  private final JsonCodec codec = new JsonCodec();
  private SimBroker broker;
  private Observed observed;
  private Asked asked;
  private int sequence;

  @BeforeEach
  void ask() {
    broker =
        new SimBroker(new Simulation(0), SimWorld.REQUESTS, 1, 100, 100, GroupProtocol.CONSUMER);
    broker.create(REPLIES.topic(), 1);
    broker.create(Topics.USAGE, 1);
    broker.create(Topics.deadLetters(SimWorld.REQUESTS), 1);
    observed = new Observed(broker, SimWorld.REQUESTS);
    asked = new Asked(new SimRequest("r0", "{}"), List.of(WHOLE), REQUESTS, REPLIES, true);
    asked.offsets().add(0L);
    observed.add(asked);
    sequence = 0;
    reply("start", "{}", "");
  }

  @Test
  void theWholeAnswerBilledAndDoneIsNoViolation() {
    answer();
    bill(2);
    commit(1, "");

    check(Guarantee.values());
  }

  @Test
  void textThatIsRepeatedIsFound() {
    delta("a", "2", null);
    delta("ab", "2,3", null);

    assertFound(Guarantee.ONE_HISTORY, "expected the begin of");
  }

  @Test
  void aTokenThatIsMissingIsFound() {
    delta("ab", "3", null);

    assertFound(Guarantee.ONE_HISTORY, "expected the begin of");
  }

  @Test
  void anEndInTheMiddleIsFound() {
    delta("a", "2", null);
    end();

    assertFound(Guarantee.ENDS_COMPLETE, "r0");
  }

  @Test
  void anErrorIsFound() {
    reply(
        "error", codec.write(ErrorBody.of(ErrorCode.SERVER_ERROR, "out of luck", null, null)), "");

    assertFound(Guarantee.ENDS_COMPLETE, "expected an answer");
  }

  @Test
  void aCancelledAnswerMayEndWithItsErrorAndWithNoOther() {
    asked.cancel();
    reply("error", codec.write(ErrorBody.of(ErrorCode.CANCELLED, "cancelled", null, null)), "");
    check(Guarantee.ENDS_COMPLETE);

    ask();
    asked.cancel();
    anErrorIsFound();
  }

  @Test
  void aSecondBillIsFound() {
    answer();
    bill(2);
    bill(2);

    assertFound(Guarantee.BILLED_ONCE, "found two");
  }

  @Test
  void aBillOfAnotherNumberOfTokensIsFound() {
    answer();
    bill(3);

    assertFound(Guarantee.BILLED_AS_READ, "expected a bill of 2 tokens");
  }

  @Test
  void aBillOfAnotherPromptThanTheEndSaysIsFound() {
    delta("a", "2", null);
    delta("b", "3", FinishReason.STOP);
    reply("end", codec.write(chunk(List.of(), Usage.of(0, 2))), "");
    bill(2);

    assertFound(Guarantee.BILLED_AS_READ, "expected a bill of 0 prompt tokens");
  }

  @Test
  void aBillOfOtherCachedTokensThanTheEndSaysIsFound() {
    delta("a", "2", null);
    delta("b", "3", FinishReason.STOP);
    reply("end", codec.write(chunk(List.of(), Usage.of(3, 1, 2))), "");
    bill(2);

    assertFound(Guarantee.BILLED_AS_READ, "expected a bill of the cached tokens");
  }

  @Test
  void whoGaveUpPaysNoMoreThanWasWritten() {
    asked.giveUp();
    delta("a", "2", null);
    bill(1);
    check(Guarantee.BILLED_AS_READ);

    ask();
    asked.giveUp();
    delta("a", "2", null);
    bill(2);
    assertFound(Guarantee.BILLED_AS_READ, "billed more than was read");
  }

  @Test
  void aRequestThatWorkersDiedOfIsToBeADeadLetter() {
    asked.makeDeadly();
    reply(
        "error", codec.write(ErrorBody.of(ErrorCode.SERVER_ERROR, "out of luck", null, null)), "");
    check(Guarantee.ENDS_COMPLETE);
    commit(1, "");

    assertFound(Guarantee.DONE_IS_ANSWERED, "in no dead letter");
  }

  @Test
  void aBillBeforeTheEndIsFound() {
    bill(0);

    assertFound(Guarantee.BILLED_AS_READ, "billed before its end");
  }

  @Test
  void aDeadLetterIsFound() {
    broker.append(
        new ProducerRecord<>(Topics.deadLetters(SimWorld.REQUESTS), "r0", new byte[0]), null);

    assertFound(Guarantee.DEAD_LETTERS, "expected no dead letter");
  }

  @Test
  void aSecondDeadLetterOfOneRecordIsFound() {
    for (int i = 0; i < 2; i++) {
      broker.append(
          new ProducerRecord<>(Topics.deadLetters(SimWorld.REQUESTS), "r1", new byte[0]), null);
    }

    assertFound(Guarantee.DEAD_LETTERS, "found two");
  }

  @Test
  void aCommitThatGoesBackIsFound() {
    commit(5, "");
    commit(4, "");

    assertFound(Guarantee.ONLY_FORWARD, "expected progress");
  }

  @Test
  void aCommitThatForgetsWhatWasDoneAboveIsFound() {
    commit(4, "sirocco1:1.2"); // 4 is open, 5 and 6 are done.
    commit(5, "");

    assertFound(Guarantee.ONLY_FORWARD, "expected progress");
  }

  @Test
  void aRequestThatIsPassedOverIsFound() {
    commit(1, "");

    assertFound(Guarantee.DONE_IS_ANSWERED, "its answer has not ended");
  }

  @Test
  void aRequestThatIsDoneAndNotBilledIsFound() {
    answer();
    commit(1, "");

    assertFound(Guarantee.DONE_IS_ANSWERED, "not billed");
  }

  private void answer() {
    delta("a", "2", null);
    delta("b", "3", FinishReason.STOP);
    end();
  }

  private void delta(String text, String tokenIds, @Nullable FinishReason reason) {
    ChatChunk.Choice choice = new ChatChunk.Choice(0, new ChatChunk.Delta(null, text), reason);
    reply("delta", codec.write(chunk(List.of(choice), null)), tokenIds);
  }

  private void end() {
    reply("end", codec.write(chunk(List.of(), Usage.of(3, 2))), "");
  }

  private static ChatChunk chunk(List<ChatChunk.Choice> choices, @Nullable Usage usage) {
    return new ChatChunk("chatcmpl-r0", ChatChunk.OBJECT, 1, SimWorld.MODEL, choices, usage);
  }

  private void reply(String event, String body, String tokenIds) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(REPLIES.topic(), 0, "r0", body.getBytes(UTF_8));
    Map.of(
            Headers.EVENT, event,
            Headers.REQUEST_ID, "r0",
            Headers.WRITER, "w0",
            Headers.ATTEMPT, "1",
            Headers.TOKEN_IDS, tokenIds)
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    if (!event.equals("start")) {
      record.headers().add(Headers.SEQUENCE, Integer.toString(sequence++).getBytes(UTF_8));
    }
    broker.append(record, null);
  }

  private void bill(int tokens) {
    UsageEvent event = new UsageEvent(
        "somebody",
        SimWorld.MODEL,
        "r0",
        REQUESTS.topic(),
        0,
        0,
        3,
        0,
        tokens,
        "stop",
        MILLIS,
        MILLIS);
    broker.append(new ProducerRecord<>(Topics.USAGE, "somebody", codec.writeBytes(event)), null);
  }

  private void commit(long offset, String metadata) {
    broker.offsets().commit(Map.of(REQUESTS, new OffsetAndMetadata(offset, metadata)));
  }

  private void check(Guarantee... guarantees) {
    observed.readOn();
    for (Guarantee guarantee : guarantees) {
      guarantee.check(observed);
    }
  }

  private void assertFound(Guarantee guarantee, String fault) {
    assertThatThrownBy(() -> check(guarantee))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(guarantee.name())
        .hasMessageContaining(fault);
  }
}
