package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.AnswerEnd;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.reply.WaitEstimate;
import io.sirocco.worker.prompt.AnswerForm;
import io.sirocco.worker.prompt.CacheFields;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.prompt.StopRule;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a lane does when others wrote to its log, or what it wrote is lost. */
class ReplyLaneTakeoverTest {
  private final JsonCodec codec = new JsonCodec();
  private final FakeReplyLog log = FakeReplyLog.prompt();
  private final List<String> outcomes = new ArrayList<>();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private int billed;
  private @Nullable AnswerTotals delivered;

  private @Nullable ReplyCheckpoint handedOver;

  @Test
  void aFirstStartAtTheBeginOfTheLogCostsNoReading() {
    say(lane(Opening.FRESH, OptionalLong.of(0)));

    assertThat(log.reads).isZero();
    assertThat(log.proofs).isZero();
    assertThat(outcomes).containsExactly("delivered stop 1");
  }

  @Test
  void newsBeforeTheFirstStartCostsNoReading() {
    ReplyLane lane = lane(Opening.FRESH, OptionalLong.of(0));
    tell(lane, 2);
    tell(lane, 1);
    say(lane);

    assertThat(log.replies())
        .extracting(ReplyRecord::event)
        .startsWith(ReplyEvent.PROGRESS, ReplyEvent.PROGRESS, ReplyEvent.START);
    assertThat(log.reads).isZero();
    assertThat(outcomes).containsExactly("delivered stop 1");
  }

  @Test
  void somebodyElsesRecordAmongTheNewsMakesTheStartAClaim() {
    ReplyLane lane = lane(Opening.FRESH, OptionalLong.of(0));
    tell(lane, 2);
    log.appendStart("other", 1, 99L);
    tell(lane, 1);
    say(lane);

    assertThat(log.reads).isPositive();
    assertThat(own(ReplyEvent.START)).extracting(ReplyRecord::attempt).containsExactly(1, 2);
    assertThat(outcomes).containsExactly("delivered stop 1");
  }

  @Test
  void newsWhoseAcknowledgementIsLostMakesTheStartAClaim() {
    FakeReplyLog held = FakeReplyLog.held();
    ReplyLane lane = lane(held, Opening.FRESH, OptionalLong.of(0), nothing());
    tell(lane, 1);
    held.failAcknowledgement("no answer");
    settle();
    say(lane);
    while (held.acknowledge()) {
      settle();
    }

    assertThat(held.reads).isPositive();
    assertThat(outcomes).containsExactly("delivered stop 1");
  }

  @Test
  void nothingIsToldOnceTheAnswerIsTakenUp() {
    log.writable = new CompletableFuture<>();
    ReplyLane lane = lane(Opening.FRESH, OptionalLong.of(0));
    tell(lane, 1);
    lane.start(0);
    settle();
    log.writable.complete(null);
    tell(lane, 0);
    settle();

    assertThat(lane.isWaiting()).isFalse();
    assertThat(log.replies()).extracting(ReplyRecord::event).containsExactly(ReplyEvent.START);
  }

  @Test
  void nothingIsToldOfARequestThatWasLetGoOf() {
    ReplyLane released = lane(Opening.FRESH, OptionalLong.of(0));
    released.release();
    tell(released, 1);
    ReplyLane abandoned = lane(Opening.FRESH, OptionalLong.of(0));
    abandoned.abandon();
    tell(abandoned, 1);

    assertThat(log.replies()).isEmpty();
    assertThat(outcomes).containsExactly("released");
  }

  @Test
  void aWaitThatIsCutShortHasUsedNothing() {
    ReplyLane lane = lane(Opening.FRESH, OptionalLong.of(0));
    tell(lane, 1);
    lane.fail(ErrorCode.CANCELLED, "the request was cancelled", null);
    settle();

    AnswerEnd end = Objects.requireNonNull(log.checkpoint("r1").end());
    assertThat(Objects.requireNonNull(end.error()).code()).isEqualTo("cancelled");
    assertThat(end.usage()).isNull();
    assertThat(delivered).isEqualTo(AnswerTotals.ofNothing("cancelled"));
  }

  @Test
  void anHeirThatIsCutShortBeforeItsTurnBillsWhatOthersWrote() {
    log.appendStart("other", 1, 42L);
    log.appendDelta("other", 1, 0, "Hello", 7);
    ReplyLane lane = lane(log, Opening.CLAIM, OptionalLong.of(0), log.checkpoint("r1"));
    lane.fail(ErrorCode.DEADLINE_EXCEEDED, "too late", null);
    settle();

    AnswerEnd end = Objects.requireNonNull(log.checkpoint("r1").end());
    assertThat(Objects.requireNonNull(end.usage()).completionTokens()).isEqualTo(1);
    assertThat(delivered).isEqualTo(new AnswerTotals(5, 0, 1, "deadline_exceeded"));
  }

  /** The start is written for a request that waits; a start of somebody else may be such a one. */
  @Test
  void anHeirThatIsCutShortBeforeTheEngineHasRoomHasUsedNothing() {
    log.appendStart("other", 1, 42L);
    ReplyLane lane = lane(log, Opening.CLAIM, OptionalLong.of(0), log.checkpoint("r1"));
    lane.takeUp();
    settle();
    lane.fail(ErrorCode.CANCELLED, "the request was cancelled", null);
    lane.start(2); // The engine had not heard of it.
    settle();

    assertUsedNothing();
  }

  @Test
  void anHeirThatIsCutShortWhileItsStartIsOnItsWayHasUsedNothing() {
    ReplyLane lane = lane(Opening.CLAIM, OptionalLong.of(0));
    lane.takeUp();
    lane.fail(ErrorCode.CANCELLED, "the request was cancelled", null);
    settle();

    assertUsedNothing();
  }

  private void assertUsedNothing() {
    assertThat(own(ReplyEvent.START)).isNotEmpty();
    AnswerEnd end = Objects.requireNonNull(log.checkpoint("r1").end());
    assertThat(Objects.requireNonNull(end.error()).code()).isEqualTo("cancelled");
    assertThat(end.usage()).isNull();
    assertThat(delivered).isEqualTo(AnswerTotals.ofNothing("cancelled"));
  }

  @Test
  void anHeirThatIsCutShortAfterTheEngineHadRoomBillsItsPrompt() {
    log.appendStart("other", 1, 42L);
    ReplyLane lane = lane(log, Opening.CLAIM, OptionalLong.of(0), log.checkpoint("r1"));
    lane.takeUp();
    settle();
    lane.start(2);
    lane.fail(ErrorCode.CANCELLED, "the request was cancelled", null);
    settle();

    assertThat(delivered).isEqualTo(new AnswerTotals(5, 2, 0, "cancelled"));
  }

  /** It was computed, or there would be no piece; this one has no token. */
  @Test
  void anHeirThatIsCutShortBillsThePromptOfAPieceWithoutTokens() {
    log.appendStart("other", 1, 42L);
    log.appendDelta("other", 1, 0, "");
    ReplyLane lane = lane(Opening.CLAIM, OptionalLong.of(0));
    lane.takeUp();
    lane.fail(ErrorCode.CANCELLED, "the request was cancelled", null);
    settle();

    assertThat(delivered).isEqualTo(new AnswerTotals(5, 0, 0, "cancelled"));
  }

  @Test
  void anAnswerThatIsCutShortBillsWhatIsInTheLog() {
    ReplyLane lane = lane(Opening.FRESH, OptionalLong.of(0));
    lane.start(2);
    lane.append(piece("Hello", null, 7));
    lane.fail(ErrorCode.CANCELLED, "the request was cancelled", null);
    lane.append(piece(" world", FinishReason.STOP, 8));
    settle();

    assertThat(log.checkpoint("r1").choice(0).tokenIds()).containsExactly(7);
    assertThat(delivered).isEqualTo(new AnswerTotals(5, 2, 1, "cancelled"));
  }

  private void tell(ReplyLane lane, int ahead) {
    lane.tell(new WaitEstimate(ahead, null));
    settle();
  }

  /** C: a blind start over somebody's answer. */
  @Test
  void aFirstStartThatIsNotTheFirstRecordIsAClaim() {
    log.appendStart("other", 1, 99L);
    log.appendDelta("other", 1, 0, "Hello", 7);
    say(lane(Opening.FRESH, OptionalLong.of(0)));

    assertThat(outcomes).containsExactly("overtaken at 1");
    assertThat(own(ReplyEvent.DELTA)).isEmpty();

    say(heir());
    assertThat(log.checkpoint("r1").choice(0).text()).isEqualTo("Hello world");
    assertThat(own(ReplyEvent.DELTA)).extracting(ReplyRecord::sequence).containsExactly(1L);
    assertThat(own(ReplyEvent.START)).extracting(ReplyRecord::seed).containsExactly(42L, 99L);
    assertThat(outcomes).containsExactly("overtaken at 1", "delivered stop 2");
  }

  @Test
  void whoDoesNotKnowWhereTheLogBeginsReadsIt() {
    say(lane(Opening.FRESH, OptionalLong.empty()));

    assertThat(log.reads).isEqualTo(2);
    assertThat(outcomes).containsExactly("delivered stop 1");
    assertThat(log.checkpoint("r1").choice(0).text()).isEqualTo(" world");
  }

  @Test
  void aClaimOfALogWithoutPiecesGoesOnWithWhatIsGenerated() {
    log.appendStart("other", 1, 42L);
    say(lane(Opening.CLAIM, OptionalLong.of(0)));

    assertThat(own(ReplyEvent.START)).extracting(ReplyRecord::attempt).containsExactly(2);
    assertThat(outcomes).containsExactly("delivered stop 1");
  }

  /** A: the owner is replaced while it reads. */
  @Test
  void whoseProofIsRefusedWritesNothing() {
    log.appendStart("other", 1, 42L);
    log.owned = false;
    say(lane(Opening.CLAIM, OptionalLong.of(0)));

    assertThat(log.records()).isEmpty();
    assertThat(outcomes).containsExactly("lost");
  }

  @Test
  void piecesThatComeBeforeTheOwnStartArePartOfTheAnswer() {
    log.appendStart("other", 1, 42L);
    log.beforeStart = attempt -> log.appendDelta("other", 1, 0, "Hello", 7);
    say(lane(Opening.CLAIM, OptionalLong.of(0)));

    assertThat(outcomes).containsExactly("overtaken at 1");
  }

  @Test
  void anAnswerThatSomebodyEndedIsDeliveredWithoutARecord() {
    log.appendStart("other", 1, 42L);
    log.appendDelta("other", 1, 0, "Hello", 7);
    log.appendEnd("other", 1, 1, Usage.of(5, 2, 1));
    say(lane(Opening.CLAIM, OptionalLong.of(0)));

    assertThat(log.records()).isEmpty();
    assertThat(outcomes).containsExactly("delivered stop 1");
  }

  /** E: a record is sent again behind the next one. */
  @Test
  void aPieceThatWasAppendedButNotAcknowledgedIsNotWrittenAgain() {
    FakeReplyLog held = FakeReplyLog.held();
    ReplyLane lane = lane(held, Opening.FRESH, OptionalLong.of(0), nothing());
    lane.start(0);
    settle();
    held.acknowledge();
    settle();
    lane.append(piece("Hello", null, 7));
    lane.append(piece(" world", null, 8));
    settle();
    held.failAcknowledgement("no answer");
    settle();
    while (held.acknowledge()) {
      settle();
    }

    // The second piece was on its way before the start, and counts.
    assertThat(outcomes).containsExactly("overtaken at 2");
    assertThat(held.checkpoint("r1").choice(0).text()).isEqualTo("Hello world");
  }

  @Test
  void aTerminalThatWasAppendedButNotAcknowledgedIsNotWrittenAgain() {
    FakeReplyLog held = FakeReplyLog.held();
    ReplyLane lane = lane(held, Opening.FRESH, OptionalLong.of(0), nothing());
    lane.start(0);
    settle();
    held.acknowledge();
    lane.append(piece("Hello", FinishReason.STOP, 7));
    settle();
    held.acknowledge();
    settle();
    held.failAcknowledgement("no answer");
    settle();

    assertThat(outcomes).containsExactly("delivered stop 1");
    assertThat(held.sentReplies().stream().filter(reply -> reply.event() == ReplyEvent.END))
        .hasSize(1);
  }

  @Test
  void withoutBrokersNothingIsGivenUp() {
    log.failing = true;
    log.away = true;
    log.beforeProof = () -> log.failing = log.proofs < 9; // Which waits for them.
    say(lane(Opening.CLAIM, OptionalLong.of(0)));

    assertThat(outcomes).containsExactly("delivered stop 1");
    assertThat(log.checkpoint("r1").choice(0).text()).isEqualTo(" world");
  }

  @Test
  void whatIsGivenUpIsBilledAsFarAsItIsKnownToBeInTheLog() {
    FakeReplyLog held = FakeReplyLog.held();
    ReplyLane lane = lane(held, Opening.FRESH, OptionalLong.of(0), nothing());
    lane.start(0);
    settle();
    held.acknowledge();
    settle();
    lane.append(piece("Hello", null, 7));
    lane.append(piece(" world", null, 8, 9));
    settle();
    held.acknowledge();
    settle();
    held.failing = true;
    held.fail("disk full");
    settle();

    assertThat(outcomes).singleElement().asString().startsWith("reply_topic_unavailable: ");
    assertThat(billed).isEqualTo(1);
  }

  @Test
  void whatIsAcknowledgedBehindARecordThatFailedIsNotBilled() {
    FakeReplyLog held = FakeReplyLog.held();
    ReplyLane lane = lane(held, Opening.FRESH, OptionalLong.of(0), nothing());
    lane.start(0);
    settle();
    held.acknowledge();
    settle();
    lane.append(piece("Hello", null, 7));
    lane.append(piece(" world", null, 8, 9));
    lane.append(piece("!", null, 10));
    settle();
    held.acknowledge();
    held.overtake();
    held.acknowledge();
    settle();
    held.failing = true;
    held.fail("disk full");
    settle();

    assertThat(outcomes).singleElement().asString().startsWith("reply_topic_unavailable: ");
    assertThat(billed).isEqualTo(1);
  }

  @Test
  void anErrorEndsWhatOthersWrote() {
    log.appendStart("other", 1, 42L);
    log.appendDelta("other", 1, 0, "Hello", 7);
    ReplyLane lane = lane(Opening.CLAIM, OptionalLong.of(0));
    lane.fail(ErrorCode.INVALID_VALUE, "expected better", null);
    settle();

    assertThat(own(ReplyEvent.ERROR)).extracting(ReplyRecord::sequence).containsExactly(1L);
    assertThat(outcomes).containsExactly("delivered invalid_value 1");
  }

  /** I: hand-overs in good order are no crashes. */
  @Test
  void howeverOftenItIsHandedOverInGoodOrderTheAnswerIsWritten() {
    for (int owner = 0; owner < 8; owner++) {
      ReplyLane lane = lane(Opening.CLAIM, OptionalLong.of(0));
      lane.start(0);
      settle();
      lane.release();
      settle();
    }
    say(lane(Opening.CLAIM, OptionalLong.of(0)));

    assertThat(outcomes).hasSize(9).endsWith("delivered stop 1");
  }

  @Test
  void aRequestThatSixWorkersDiedOfIsAnError() {
    for (int attempt = 1; attempt <= 6; attempt++) {
      log.appendStart("w" + attempt, attempt, 42L);
    }
    say(lane(Opening.CLAIM, OptionalLong.of(0)));

    assertThat(own(ReplyEvent.DELTA)).isEmpty();
    assertThat(outcomes)
        .containsExactly(
            "suspected: expected fewer than 6 workers to take the request up and leave nothing,"
                + " found 6",
            "delivered server_error 0");
  }

  @Test
  void anAnswerOfWhichNothingIsMissingIsEnded() {
    log.appendStart("other", 1, 42L);
    log.appendDelta("other", 1, 0, "Hello", 7);
    handedOver = finished();
    ReplyLane lane = lane(log, Opening.CLAIM, OptionalLong.of(0), handedOver);
    lane.start(0);
    settle();

    assertThat(own(ReplyEvent.END)).extracting(ReplyRecord::sequence).containsExactly(2L);
    assertThat(outcomes).containsExactly("delivered length 2");
  }

  private ReplyCheckpoint finished() {
    ReplyLane lane = lane(log, Opening.CLAIM, OptionalLong.of(0), log.checkpoint("r1"));
    lane.start(0);
    lane.append(piece(" world", FinishReason.LENGTH, 8));
    while (own(ReplyEvent.DELTA).isEmpty()) {
      tasks.remove().run();
    }
    lane.abandon(); // Before its terminal.
    settle();
    return log.checkpoint("r1");
  }

  /** Says the rest of the answer, or what is taken for it. */
  private void say(ReplyLane lane) {
    lane.start(0);
    lane.append(piece(" world", FinishReason.STOP, 8));
    settle();
  }

  private ReplyCheckpoint nothing() {
    return new ReplyCheckpoint("r1", codec);
  }

  private ReplyLane lane(Opening opening, OptionalLong begin) {
    return lane(log, opening, begin, nothing());
  }

  /** The lane that goes on. */
  private ReplyLane heir() {
    ReplyCheckpoint checkpoint = Objects.requireNonNull(handedOver);
    return lane(log, Opening.CLAIMED, OptionalLong.of(0), checkpoint);
  }

  private ReplyLane lane(
      FakeReplyLog replies, Opening opening, OptionalLong begin, ReplyCheckpoint written) {
    ReplyHead head = new ReplyHead(
        new ReplyLog(new ReplyAddress("chat.replies.a", 0), "r1", begin, 1),
        null,
        null,
        null,
        "demo",
        "me",
        4);
    GenerationSpec spec = new GenerationSpec(
        new int[] {1, 2, 3, 4, 5},
        1,
        9,
        SamplingParameters.builder().seed(42).build(),
        StopRule.OF_MODEL,
        AnswerForm.STREAM,
        new CacheFields(true, null),
        0,
        List.of());
    return new ReplyLane(
        head,
        AnswerRecords.of(head, spec, CostEstimate.UNKNOWN, codec, written),
        replies.access(),
        tasks::add,
        new Outcome(),
        opening);
  }

  private final class Outcome implements ReplyOutcome {
    @Override
    public void delivered(AnswerTotals totals) {
      delivered = totals;
      outcomes.add("delivered " + totals.outcome() + " " + totals.completionTokens());
    }

    @Override
    public void undeliverable(ErrorCode code, String message, AnswerTotals totals) {
      outcomes.add(code.code() + ": " + message);
      billed = totals.completionTokens();
    }

    @Override
    public void takenUp() {}

    @Override
    public void movedOn() {}

    @Override
    public void suspected(String message) {
      outcomes.add("suspected: " + message);
    }

    @Override
    public void overtaken(ReplyCheckpoint checkpoint) {
      handedOver = checkpoint;
      outcomes.add("overtaken at " + checkpoint.fold().nextSequence());
    }

    @Override
    public void released() {
      outcomes.add("released");
    }

    @Override
    public void lost() {
      outcomes.add("lost");
    }
  }

  private List<ReplyRecord> own(ReplyEvent event) {
    return log.sentReplies().stream().filter(reply -> reply.event() == event).toList();
  }

  private static ReplyPiece piece(
      String text, @Nullable FinishReason finishReason, Integer... tokenIds) {
    return new ReplyPiece(0, text, null, List.of(tokenIds), finishReason);
  }

  private void settle() {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      task.run();
    }
  }
}
