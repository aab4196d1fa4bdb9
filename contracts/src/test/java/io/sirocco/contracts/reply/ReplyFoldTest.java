package io.sirocco.contracts.reply;

import static io.sirocco.contracts.reply.ReplyFold.Effect.APPENDED;
import static io.sirocco.contracts.reply.ReplyFold.Effect.DROPPED;
import static io.sirocco.contracts.reply.ReplyFold.Effect.ENDED;
import static io.sirocco.contracts.reply.ReplyFold.Effect.STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyFoldTest {
  private final LogWriter log = new LogWriter();

  @Test
  void uninterruptedAnswerIsReadWhole() {
    log.start("w0", 1).delta("w0", 1, 0, "A ").delta("w0", 1, 1, "wind").end("w0", 1, 2);

    assertThat(log.answer()).isEqualTo("A wind.");
  }

  @Test
  void everyRecordSaysWhatItDoes() {
    ReplyFold fold = new ReplyFold("r0");
    log.start("w0", 1).delta("w0", 1, 0, "A").end("w0", 1, 1).delta("w0", 1, 2, "B");

    assertThat(log.records().stream().map(fold::accept))
        .containsExactly(STARTED, APPENDED, ENDED, DROPPED);
  }

  @Test
  void foldTellsWhereItStands() {
    ReplyFold fold = new ReplyFold("r0");
    List<ReplyRecord> records =
        log.start("w0", 1).delta("w0", 1, 0, "A").end("w0", 1, 1).records();

    assertThat(fold.currentStart()).isNull();
    assertThat(fold.nextSequence()).isZero();

    fold.accept(records.get(0));
    assertThat(fold.currentStart()).isSameAs(records.get(0));
    assertThat(fold.nextSequence()).isZero();

    fold.accept(records.get(1));
    assertThat(fold.nextSequence()).isEqualTo(1);
    assertThat(fold.terminal()).isNull();

    fold.accept(records.get(2));
    assertThat(fold.terminal()).isSameAs(records.get(2));
    assertThat(fold.nextSequence()).isEqualTo(2);
  }

  @Test
  void greaterAttemptWins() {
    log.start("w0", 1).start("w1", 2).delta("w0", 1, 0, "old").delta("w1", 2, 0, "new");

    assertThat(log.answer()).isEqualTo("new");
  }

  @Test
  void attemptMaySkipNumbers() {
    log.start("w0", 1).start("w1", 7).delta("w1", 7, 0, "new");

    assertThat(log.answer()).isEqualTo("new");
  }

  @Test
  void ofEqualAttemptsTheFirstStays() {
    log.start("w0", 1).start("w1", 1);

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
    assertThat(log.delta("w1", 1, 0, "second").delta("w0", 1, 0, "first").answer())
        .isEqualTo("first");
  }

  @Test
  void smallerAttemptIsDropped() {
    log.start("w1", 2).start("w0", 1);

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
    assertThat(log.delta("w1", 2, 0, "current").answer()).isEqualTo("current");
  }

  @Test
  void sequenceGoesOnAcrossStarts() {
    log.start("w0", 1).delta("w0", 1, 0, "A ").delta("w0", 1, 1, "wi");
    log.start("w1", 2).delta("w1", 2, 2, "nd").end("w1", 2, 3);

    assertThat(log.answer()).isEqualTo("A wind.");
  }

  @Test
  void zombiesLateDeltaIsDropped() {
    log.start("w0", 1).delta("w0", 1, 0, "A ");
    log.start("w1", 2).delta("w0", 1, 1, "zombie").delta("w1", 2, 1, "wind");

    assertThat(log.answer()).isEqualTo("A wind");
  }

  @Test
  void zombiesTerminalIsDropped() {
    log.start("w0", 1).delta("w0", 1, 0, "A ");
    log.start("w1", 2).end("w0", 1, 1);

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
    assertThat(log.delta("w1", 2, 1, "wind").end("w1", 2, 2).answer()).isEqualTo("A wind.");
  }

  @Test
  void recordOfAnotherWriterUnderTheSameAttemptIsDropped() {
    log.start("w0", 1).delta("w1", 1, 0, "foreign");

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
  }

  @Test
  void recordOfTheSameWriterUnderAnotherAttemptIsDropped() {
    log.start("w0", 1).start("w0", 2).delta("w0", 1, 0, "before");

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
  }

  @Test
  void recordBeyondTheNextSequenceIsDropped() {
    log.start("w0", 1).delta("w0", 1, 1, "gap").end("w0", 1, 2);

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
    assertThat(log.answer()).isEmpty();
  }

  @Test
  void recordBeforeTheNextSequenceIsDropped() {
    log.start("w0", 1).delta("w0", 1, 0, "once").delta("w0", 1, 0, "twice");

    assertThat(log.answer()).isEqualTo("once");
  }

  @Test
  void droppedRecordFitsNoLater() {
    log.start("w0", 1).delta("w0", 1, 1, "B").delta("w0", 1, 0, "A");

    assertThat(log.answer()).isEqualTo("A");
  }

  @ParameterizedTest
  @EnumSource(names = {"DELTA", "END", "ERROR"})
  void nothingCountsBeforeTheFirstStart(ReplyEvent event) {
    log.add(event, "w0", 1, 0L, "early");

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void firstTerminalEndsTheLog(boolean failed) {
    log.start("w0", 1).delta("w0", 1, 0, "A");
    String whole = (failed ? log.error("w0", 1, 1) : log.end("w0", 1, 1)).answer();

    log.end("w0", 1, 2).error("w0", 1, 2).delta("w0", 1, 2, "B").start("w1", 2);

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
    assertThat(log.delta("w1", 2, 2, "C").end("w1", 2, 3).answer()).isEqualTo(whole);
  }

  @Test
  void answerMayEndWithoutADelta() {
    log.start("w0", 1).error("w0", 1, 0);

    assertThat(log.lastEffect()).isEqualTo(ENDED);
  }

  @Test
  void releaseAndProgressChangeNothing() {
    log.start("w0", 1).progress("w0", 1).delta("w0", 1, 0, "A").release("w0", 1);

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
    assertThat(log.start("w1", 2).delta("w1", 2, 1, "B").answer()).isEqualTo("AB");
  }

  @ParameterizedTest
  @EnumSource
  void recordsOfOtherRequestsAreDropped(ReplyEvent event) {
    log.start("w0", 1).request("r1").add(event, "w0", 2, event.isSequenced() ? 0L : null, "other");

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
    assertThat(log.request("r0").delta("w0", 1, 0, "mine").answer()).isEqualTo("mine");
  }

  // The schedules that break simpler protocols, as their logs look to a reader.

  /** A worker that was cut off claims with a greater attempt: its owner's terminal cannot count. */
  @Test
  void zombieThatOutbidsTheOwnerLeavesTheAnswerOpen() {
    log.start("w1", 1).start("w0", 2).delta("w1", 1, 0, "A").end("w1", 1, 1);

    assertThat(log.lastEffect()).isEqualTo(DROPPED);
    assertThat(log.answer()).isEmpty();
  }

  /** The same, with the read back of the own start that the protocol asks for: w1 claims again. */
  @Test
  void ownerThatReadsBackItsStartClaimsAgainAndEndsTheAnswer() {
    log.start("w1", 1).start("w0", 2);
    log.start("w1", 3).delta("w1", 3, 0, "A").end("w1", 3, 1);

    assertThat(log.answer()).isEqualTo("A.");
  }

  /** A blind start over a zombie's answer, with other tokens: two histories are never glued. */
  @Test
  void blindStartOverAZombiesAnswerIsNotGluedToIt() {
    log.start("w0", 1).delta("w0", 1, 0, "zombie");
    log.start("w1", 1).delta("w1", 1, 0, "A").delta("w1", 1, 1, "B").end("w1", 1, 2);

    assertThat(log.answer()).isEqualTo("zombie");
  }

  /** The same, after the acknowledged offset told w1 that somebody was there: it goes on. */
  @Test
  void startAfterReadingTheLogGoesOnWhereTheZombieStopped() {
    log.start("w0", 1).delta("w0", 1, 0, "A ").start("w1", 1);
    log.start("w1", 2).delta("w1", 2, 1, "wind").end("w1", 2, 2);

    assertThat(log.answer()).isEqualTo("A wind.");
  }

  /** A failed send that is repeated behind its successor leaves a hole that nothing fills. */
  @Test
  void repeatedSendBehindItsSuccessorNeverReachesTheEnd() {
    log.start("w0", 1).delta("w0", 1, 1, "B").delta("w0", 1, 0, "A").end("w0", 1, 2);

    assertThat(log.answer()).isEqualTo("A");
    assertThat(log.lastEffect()).isEqualTo(DROPPED);
  }

  /** The same, with the attempt ended by the failure: a new claim closes the hole. */
  @Test
  void claimAfterAFailedSendClosesTheHole() {
    log.start("w0", 1).delta("w0", 1, 1, "B");
    log.start("w0", 2).delta("w0", 2, 0, "A").delta("w0", 2, 1, "B").end("w0", 2, 2);

    assertThat(log.answer()).isEqualTo("AB.");
  }
}
