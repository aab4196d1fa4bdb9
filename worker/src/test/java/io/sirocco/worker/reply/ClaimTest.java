package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The schedules in which earlier rules of a takeover went wrong, step by step. */
class ClaimTest {
  private final FakeReplyLog log = FakeReplyLog.prompt();
  private final Claim claim = new Claim("me");

  @Test
  void theAttemptAndTheSeedAreThoseOfTheLog() {
    log.appendStart("other", 3, 42L);

    assertThat(upToStart()).isEqualTo(new Claim.Start(4, 42L));
  }

  @Test
  void anEmptyLogIsClaimedWithTheFirstAttempt() {
    assertThat(upToStart()).isEqualTo(new Claim.Start(1, null));
  }

  /** A: the zombie outbids the owner. */
  @Test
  void whoWasReplacedWritesNoStart() {
    log.appendStart("zombie", 1, null);
    assertThat(claim.begin()).isInstanceOf(Claim.Read.class);
    assertThat(claim.read(found())).isInstanceOf(Claim.Prove.class);

    assertThat(claim.proved(false)).isInstanceOf(Claim.Lost.class);
  }

  /** A, later: replaced between the proof and the start. */
  @Test
  void aStartThatIsOutbidOnItsWayIsFollowedByAnotherProof() {
    upToStart();
    log.appendStart("heir", 1, null);
    log.appendStart("me", 1, null);
    claim.started(1);

    assertThat(claim.read(found())).isInstanceOf(Claim.Pause.class);
    assertThat(claim.begin()).isInstanceOf(Claim.Read.class);
    assertThat(claim.read(found())).isInstanceOf(Claim.Prove.class);
    assertThat(claim.proved(false)).isInstanceOf(Claim.Lost.class);
  }

  /** What the old writer appended between the first reading and the start is a part of the answer. */
  @Test
  void piecesBetweenTheReadingAndTheStartCount() {
    log.appendStart("old", 1, null);
    upToStart();
    log.appendDelta("old", 1, 0, "Hello", 7);
    log.appendStart("me", 2, null);
    log.appendDelta("old", 1, 1, " world", 8);

    assertThat(claim.started(2)).isEqualTo(new Claim.ReadBack(2));
    assertThat(claim.read(found())).isInstanceOfSatisfying(Claim.Done.class, done -> {
      assertThat(done.checkpoint().choice(0).text()).isEqualTo("Hello");
      assertThat(done.checkpoint().fold().nextSequence()).isEqualTo(1);
    });
  }

  /** K: an attempt from memory would outbid the owner. */
  @Test
  void aStartThatWasLostLeavesTheAttemptToBeReadAgain() {
    assertThat(upToStart()).isEqualTo(new Claim.Start(1, null));
    assertThat(claim.failed(new IllegalStateException("lost"))).isInstanceOf(Claim.Pause.class);

    assertThat(upToStart()).isEqualTo(new Claim.Start(1, null));
    log.appendStart("me", 1, null);
    log.appendStart("me", 1, null); // The lost one comes late.
    claim.started(0);
    assertThat(claim.read(found())).isInstanceOf(Claim.Done.class);
  }

  @Test
  void aCompleteAnswerIsClosedWithoutAProof() {
    log.appendStart("old", 1, null);
    log.appendEnd("old", 1, 0, Usage.of(3, 0));
    claim.begin();

    assertThat(claim.read(found())).isInstanceOf(Claim.Ended.class);
  }

  @Test
  void anAnswerThatIsCompletedBeforeTheStartIsClosed() {
    log.appendStart("old", 1, null);
    upToStart();
    log.appendEnd("old", 1, 0, Usage.of(3, 0));
    log.appendStart("me", 2, null);
    claim.started(2);

    assertThat(claim.read(found())).isInstanceOf(Claim.Ended.class);
  }

  /** G, before the answer ended: nobody is left to read it. */
  @Test
  void aLogThatIsGoneIsNotWrittenTo() {
    claim.begin();

    assertThat(claim.read(new LogReading.Gone("deleted")))
        .isEqualTo(new Claim.NobodyWaits("deleted"));
  }

  @Test
  void aLogThatNobodyCanReadIsNotWrittenTo() {
    claim.begin();

    assertThat(claim.read(new LogReading.Unreadable("no JSON")))
        .isEqualTo(new Claim.Spoiled("no JSON"));
  }

  @Test
  void anAttemptThatCannotBeOutbidIsNoFaultOfOurs() {
    log.appendStart("stranger", Integer.MAX_VALUE, null);

    assertThat(upToStart()).isInstanceOf(Claim.Spoiled.class);
  }

  @Test
  void itGivesUpAfterEightRounds() {
    List<Long> pauses = new ArrayList<>();
    claim.begin();
    Claim.Step step = claim.failed(new IllegalStateException("away"));
    while (step instanceof Claim.Pause pause) {
      pauses.add(pause.time().toMillis());
      claim.begin();
      step = claim.failed(new IllegalStateException("away"));
    }

    assertThat(pauses).containsExactly(50L, 100L, 200L, 400L, 800L, 1600L, 3200L);
    assertThat(step).isInstanceOf(Claim.Failed.class);
  }

  /** I: those who left in good order, or lost their race, are no crashes. */
  @Test
  void fruitlessWritersAreThoseBeforeTheOwnStart() {
    log.appendStart("one", 1, null);
    log.appendStart("two", 2, null);
    upToStart();
    log.appendStart("me", 3, null);
    claim.started(2);

    assertThat(claim.read(found()))
        .isInstanceOfSatisfying(
            Claim.Done.class, done -> assertThat(done.fruitlessWriters()).isEqualTo(2));
  }

  private Claim.Step upToStart() {
    claim.begin();
    claim.read(found());
    return claim.proved(true);
  }

  private LogReading found() {
    return new LogReading.Found(log.checkpoint("r1"));
  }
}
