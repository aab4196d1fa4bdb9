package io.sirocco.contracts.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.reply.LogWorker.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The schedules that break simpler protocols, played by workers that follow the rules and, where that
 * shows what the rule is for, by one that does not. w0 and w1 are two assignments of the partition.
 */
class ReplyScheduleTest {
  private final SharedLog log = new SharedLog();
  private final LogWorker w0 = new LogWorker("w0", log);
  private final LogWorker w1 = new LogWorker("w1", log);

  /** A: w0 is cut off, w1 owns the partition; w0 reads what w1 began and outbids it. */
  @Test
  void zombieThatOutbidsTheOwnerIsOutbidInTurn() {
    w1.claim();
    w0.claim(); // Without the proof of ownership that it could not have given.
    w1.write("lost");

    assertThat(log.read().fold().nextSequence()).isZero();
    assertThat(w1.isCurrent()).isFalse();

    w1.claim();
    w1.write("wind").end();
    w0.write("storm").end();

    assertThat(log.text()).isEqualTo("wind");
    assertThat(log.read().end()).isNotNull();
  }

  /** A, in the order of the rule: read, prove, start, read back. */
  @Test
  void startThatComesBetweenReadAndStartIsSeenWhenReadingBack() {
    Claim claim = w0.read();
    w1.claim();

    w0.start(claim);

    assertThat(w0.isCurrent()).isFalse();
    w1.write("wind").end();
    assertThat(log.text()).isEqualTo("wind");
  }

  /** B: the group is deleted and its epochs begin again: they are in no fold, attempts go on. */
  @Test
  void attemptsGoOnWhenEpochsBeginAgain() {
    w0.claim();
    w0.write("A ");

    w1.claim();
    w1.write("wind").end();

    assertThat(w1.attempt()).isEqualTo(2);
    assertThat(log.text()).isEqualTo("A wind");
  }

  /** C: w1 starts blindly behind a zombie's answer with other tokens. */
  @Test
  void blindStartIsNotGluedToAZombiesAnswer() {
    w0.startBlindly();
    w0.write("storm");

    long offset = w1.startBlindly();
    w1.write("A ").write("wind").end();

    assertThat(offset)
        .as("the acknowledged offset tells that somebody was here")
        .isNotZero();
    assertThat(log.text()).isEqualTo("storm");

    w1.claim();
    w1.write(" and calm").end();
    assertThat(log.text()).isEqualTo("storm and calm");
  }

  /** Rule 2: the acknowledged offset is the reply offset, and no read is needed. */
  @Test
  void firstStartOnAnUntouchedLogNeedsNoRead() {
    assertThat(w0.startBlindly()).isZero();
    assertThat(w0.isCurrent()).isTrue();
  }

  /** D, F: w0 ended the answer and its commit is unknown or pending: w1 has nothing to write. */
  @Test
  void heirOfAnEndedAnswerFindsItsBillAndWritesNothing() {
    w0.claim();
    w0.write("wind").end();

    ReplyCheckpoint found = w1.read().checkpoint();

    assertThat(found.end()).isEqualTo(log.read().end());
    assertThat(found.completionTokens()).isEqualTo(1);
    assertThat(w1.claim()).as("claimed").isFalse();
    assertThat(log.size()).isEqualTo(3);
  }

  /** E: delta 0 fails, delta 1 is appended, delta 0 is sent again behind it. */
  @Test
  void repeatedSendBehindItsSuccessorLeavesTheAnswerOpen() {
    w0.claim();
    w0.failNextSend();
    w0.write("A ").write("wind");
    w0.repeatFailedSend();
    w0.end();

    assertThat(log.text()).isEqualTo("A ");
    assertThat(log.read().end()).isNull();
  }

  /** E, by the rule: a failed send ends the attempt. */
  @Test
  void newClaimAfterAFailedSendRepeatsAndMissesNothing() {
    w0.claim();
    w0.write("A ");
    w0.failNextSend();
    w0.write("wi").write("nd");

    w0.claim();

    assertThat(w0.checkpoint().choice(0).text()).isEqualTo("A ");
    w0.write("wi").write("nd").end();
    assertThat(log.text()).isEqualTo("A wind");
    assertThat(log.read().completionTokens()).isEqualTo(3);
  }

  /** H: w1 stands beside the poison and has not started: nothing counts against its request. */
  @Test
  void requestThatWasNotAdmittedCollectsNoCrashes() {
    w0.read();
    w1.read();

    assertThat(log.read().fruitlessWriters()).isZero();
  }

  /** I: five orderly hand-overs during a long prefill. */
  @Test
  void orderlyHandOversAreNoCrashes() {
    for (int i = 0; i < 5; i++) {
      LogWorker worker = new LogWorker("v" + i, log);
      worker.claim();
      worker.release();
    }

    assertThat(log.read().fruitlessWriters()).isZero();
    assertThat(log.read().fold().nextAttempt()).isEqualTo(6);
  }

  /** I, the other way: crashes count, each writer once, until a delta comes. */
  @Test
  void crashesCountUntilADeltaComes() {
    w0.claim();
    w0.claim();
    w1.claim();
    assertThat(log.read().fruitlessWriters()).isEqualTo(2);

    w1.write("A ");
    assertThat(log.read().fruitlessWriters()).isZero();

    new LogWorker("w2", log).claim();
    assertThat(log.read().fruitlessWriters()).isEqualTo(1);
  }

  /** A release of somebody else's request takes nothing back. */
  @Test
  void releaseOfAnotherRequestIsNotOurs() {
    w0.claim();
    log.append(ReplyEvent.RELEASE, "another", "w0", 1, null, "");

    assertThat(log.read().fruitlessWriters()).isEqualTo(1);
  }

  /** K: w0's start was lost on its way; counted from memory its next one would outbid the owner. */
  @Test
  void attemptIsTakenFromTheLogAndNotFromMemory() {
    Claim claim = w0.read();
    assertThat(claim.checkpoint().fold().nextAttempt()).isEqualTo(1); // Its start with 1 is lost.
    w1.claim();

    w0.start(claim); // From what it read, and not 2 because 1 was spent.

    assertThat(w1.isCurrent()).isTrue();
  }

  @Test
  void seedOfTheCurrentStartIsHandedOn() {
    log.append(new ReplyRecord(0, 0, "r0", ReplyEvent.START, "w0", 1, null, 0, List.of(), 17L, ""));

    assertThat(log.read().seed()).isEqualTo(17);
  }

  @Test
  void logThatNobodyCanOutbidSaysSo() {
    log.append(ReplyEvent.START, "r0", "stranger", Integer.MAX_VALUE, null, "");

    assertThatThrownBy(() -> log.read().fold().nextAttempt())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("below 2147483647");
  }
}
