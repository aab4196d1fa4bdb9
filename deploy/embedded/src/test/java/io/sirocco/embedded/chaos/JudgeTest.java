package io.sirocco.embedded.chaos;

import static io.sirocco.embedded.chaos.MadeUpRun.ID;
import static io.sirocco.embedded.chaos.MadeUpRun.TOKENS;
import static io.sirocco.embedded.chaos.MadeUpRun.answer;
import static io.sirocco.embedded.chaos.MadeUpRun.bill;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each planted violation is found, and named with its request; nothing else is. */
class JudgeTest {
  private final MadeUpRun run = new MadeUpRun();

  @Test
  void whatIsRightBreaksNothing() {
    Verdict verdict = run.judge();

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.nearTies()).isEmpty();
    assertThat(verdict.tokens()).isEqualTo(9);
    assertThat(verdict.takenOver()).isZero();
  }

  @Test
  void anAnswerWithoutAnEndIsFound() {
    run.seen(ID, answer(TOKENS, "A wind.", false, null, 3));

    assertBroken(Guarantee.ONE_END, ID);
  }

  @Test
  void anAnswerThatEndsWithAnErrorIsFound() {
    run.seen(ID, answer(TOKENS, "A wind.", true, "worker_stopped", 3));

    assertBroken(Guarantee.ONE_END, ID);
  }

  @Test
  void usageThatIsNotWhatWasDeliveredIsFound() {
    run.seen(ID, answer(TOKENS, "A wind.", true, null, 4));

    assertBroken(Guarantee.ONE_HISTORY, ID);
  }

  @Test
  void aLogThatCannotBeReadIsFound() {
    Answer right = answer(TOKENS, "A wind.");
    run.seen(
        ID, new Answer(right.choices(), true, null, right.usage(), 1, "expected JSON at offset 3"));

    assertBroken(Guarantee.ONE_HISTORY, ID);
  }

  @Test
  void aLateReaderWhoSeesAnotherTextIsFound() {
    run.early.put(ID, answer(TOKENS, "A windwind."));

    assertBroken(Guarantee.READERS_AGREE, ID);
  }

  @Test
  void textThatIsRepeatedIsFoundAlsoWhenTheTokensAreRight() {
    run.seen(ID, answer(TOKENS, "A wind.wind."));

    assertBroken(Guarantee.UNDISTURBED, ID);
  }

  @Test
  void anotherTokenIsFound() {
    run.seen(ID, answer(List.of(11, 99, 13), "A wing."));

    assertBroken(Guarantee.UNDISTURBED, ID);
  }

  @Test
  void anotherTokenAtANearTieIsCountedAndAllowed() {
    run.gaps.set(1, 0.00005);
    run.seen(ID, answer(List.of(11, 99, 13), "A wing."));

    Verdict verdict = run.judge();

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.nearTies()).containsExactly(ID);
  }

  @Test
  void aNearTieElsewhereExcusesNothing() {
    run.gaps.set(2, 0.00005);
    run.seen(ID, answer(List.of(11, 99, 13), "A wing."));

    assertBroken(Guarantee.UNDISTURBED, ID);
  }

  @Test
  void anAnswerThatStopsEarlyIsFound() {
    run.seen(ID, answer(List.of(11, 12), "A win"));
    run.bills.set(1, bill(ID, 1, 2));

    assertBroken(Guarantee.UNDISTURBED, ID);
  }

  @Test
  void aMissingBillIsFound() {
    run.bills.remove(1);

    assertBroken(Guarantee.BILLED_ONCE, ID);
  }

  @Test
  void aSecondBillIsFoundAlsoWhenItIsACopy() {
    run.bills.add(run.bills.get(1));

    assertBroken(Guarantee.BILLED_ONCE, ID);
  }

  @Test
  void aBillThatNobodyAskedForIsFound() {
    run.bills.add(bill("stranger", 9, 3));

    assertBroken(Guarantee.BILLED_ONCE, "stranger");
  }

  @Test
  void tokensThatAreBilledTwiceAreFound() {
    run.bills.set(1, bill(ID, 1, 6));

    assertBroken(Guarantee.BILLED_RIGHT, ID);
  }

  @Test
  void aDeadLetterIsFound() {
    run.deadLetters.add(ID);

    assertBroken(Guarantee.NO_DEAD_LETTER, ID);
  }

  private void assertBroken(Guarantee guarantee, String requestId) {
    assertThat(run.judge().violations()).singleElement().satisfies(violation -> {
      assertThat(violation.guarantee()).isEqualTo(guarantee);
      assertThat(violation.requestId()).isEqualTo(requestId);
    });
  }
}
