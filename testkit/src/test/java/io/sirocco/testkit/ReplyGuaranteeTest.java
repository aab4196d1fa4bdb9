package io.sirocco.testkit;

import static io.sirocco.testkit.ReplyGuarantee.CONTIGUOUS_SEQUENCE;
import static io.sirocco.testkit.ReplyGuarantee.ONE_REQUEST;
import static io.sirocco.testkit.ReplyGuarantee.ONE_TERMINAL_AND_LAST;
import static io.sirocco.testkit.ReplyGuarantee.ONE_WRITER_PER_ATTEMPT;
import static io.sirocco.testkit.ReplyGuarantee.START_FIRST;
import static io.sirocco.testkit.ReplyLogFixture.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.reply.ReplyRecord;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReplyGuaranteeTest {
  private static Set<ReplyGuarantee> brokenBy(ReplyLogFixture log) {
    Set<ReplyGuarantee> broken = new TreeSet<>();
    for (ReplyGuarantee guarantee : ReplyGuarantee.values()) {
      guarantee.violation(log.records()).ifPresent(found -> broken.add(guarantee));
    }
    return broken;
  }

  @Test
  void wholeAnswerKeepsEveryPromise() {
    assertThat(brokenBy(log().start().delta(0).delta(1).end(2))).isEmpty();
  }

  @Test
  void refusalWithoutADeltaKeepsEveryPromise() {
    assertThat(brokenBy(log().start().error(0))).isEmpty();
  }

  @Test
  void answerOfTwoWritersKeepsEveryPromise() {
    assertThat(brokenBy(log()
            .start()
            .delta(0)
            .release()
            .writer("writer-2", 2)
            .start()
            .delta(1)
            .end(2)))
        .isEmpty();
  }

  @Test
  void recordOfAnotherRequestIsCaught() {
    assertThat(
            brokenBy(log().start().request("other").delta(0).request("request").end(1)))
        .containsExactly(ONE_REQUEST);
  }

  @Test
  void missingTerminalIsCaught() {
    assertThat(brokenBy(log().start().delta(0))).containsExactly(ONE_TERMINAL_AND_LAST);
  }

  @Test
  void secondTerminalIsCaught() {
    assertThat(brokenBy(log().start().delta(0).end(1).error(2)))
        .containsExactly(ONE_TERMINAL_AND_LAST);
  }

  @Test
  void recordAfterTheTerminalIsCaught() {
    assertThat(brokenBy(log().start().delta(0).end(1).release()))
        .containsExactly(ONE_TERMINAL_AND_LAST);
  }

  @Test
  void gapIsCaught() {
    assertThat(brokenBy(log().start().delta(0).delta(2).end(3)))
        .containsExactly(CONTIGUOUS_SEQUENCE);
  }

  @Test
  void repetitionIsCaught() {
    assertThat(brokenBy(log().start().delta(0).delta(0).end(1)))
        .containsExactly(CONTIGUOUS_SEQUENCE);
  }

  @Test
  void changedOrderIsCaught() {
    assertThat(brokenBy(log().start().delta(1).delta(0).end(2)))
        .containsExactly(CONTIGUOUS_SEQUENCE);
  }

  @Test
  void sequenceFromOneIsCaught() {
    assertThat(brokenBy(log().start().delta(1).end(2))).containsExactly(CONTIGUOUS_SEQUENCE);
  }

  @Test
  void deltaBeforeItsStartIsCaught() {
    assertThat(brokenBy(log().delta(0).start().end(1))).containsExactly(START_FIRST);
  }

  @Test
  void deltaUnderTheStartOfAnotherAttemptIsCaught() {
    assertThat(brokenBy(log().start().delta(0).writer("writer-2", 2).end(1)))
        .containsExactly(START_FIRST);
  }

  @Test
  void secondWriterOfAnAttemptIsCaught() {
    assertThat(brokenBy(log().start().delta(0).writer("writer-2", 1).end(1)))
        .containsExactly(ONE_WRITER_PER_ATTEMPT);
  }

  @Test
  void emptyLogIsCaught() {
    assertThat(brokenBy(log()))
        .containsExactlyInAnyOrder(ONE_REQUEST, ONE_TERMINAL_AND_LAST, START_FIRST);
  }

  @Test
  void assertionNamesEveryBrokenPromiseAndShowsTheLog() {
    List<ReplyRecord> broken = log().start().delta(1).records();

    assertThatThrownBy(() -> ReplyGuarantee.assertAllHold(broken))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("ONE_TERMINAL_AND_LAST")
        .hasMessageContaining("CONTIGUOUS_SEQUENCE: expected sequences [0], found [1]")
        .hasMessageContaining("1:delta(writer-1#1 1)");
    assertThatCode(() -> ReplyGuarantee.assertAllHold(log().start().end(0).records()))
        .doesNotThrowAnyException();
  }

  @Test
  void answerLeavesOutWhatADeposedWriterLeftBehind() {
    List<ReplyRecord> records = log()
        .start()
        .delta(0)
        .writer("writer-2", 2)
        .start()
        .writer("writer-1", 1)
        .delta(1)
        .writer("writer-2", 2)
        .delta(1)
        .end(2)
        .writer("writer-1", 1)
        .end(2)
        .records();

    List<ReplyRecord> answer = ReplyLogs.answer(records, "request");

    assertThat(answer).extracting(ReplyRecord::offset).containsExactly(0L, 1L, 2L, 4L, 5L);
    ReplyGuarantee.assertAllHold(answer);
  }
}
