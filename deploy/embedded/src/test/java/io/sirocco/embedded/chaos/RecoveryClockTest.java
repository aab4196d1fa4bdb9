package io.sirocco.embedded.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecoveryClockTest {
  private final RecoveryClock clock = new RecoveryClock();

  @Test
  void theTimeRunsFromTheFaultToTheFirstTokenOfTheNextAttempt() {
    clock.hit("a", 1_000, 1);
    clock.token("a", 4_200, 2);
    clock.token("a", 4_300, 2);

    assertThat(clock.millis()).containsExactly(3_200L);
  }

  @Test
  void whatTheDyingWriterStillWritesDoesNotCount() {
    clock.hit("a", 1_000, 1);
    clock.token("a", 1_001, 1);

    assertThat(clock.millis()).isEmpty();
  }

  @Test
  void anAnswerThatWasNotHitHasNoTime() {
    clock.hit("a", 1_000, 1);
    clock.token("b", 2_000, 2);

    assertThat(clock.millis()).isEmpty();
  }

  @Test
  void theTimeBeginsAnewWhenTheHeirIsHitToo() {
    clock.hit("a", 1_000, 1);
    clock.hit("a", 3_000, 1);
    clock.token("a", 5_000, 3);

    assertThat(clock.millis()).containsExactly(2_000L);
  }

  @Test
  void theTimeBeginsAnewWhenTheHeirWasDead() {
    clock.hit("a", 1_000, 1);
    clock.heldUp("a", 900);
    clock.heldUp("a", 3_000);
    clock.heldUp("b", 3_000);
    clock.token("a", 5_000, 2);
    clock.token("b", 5_000, 2);

    assertThat(clock.millis()).containsExactly(2_000L);
  }

  @Test
  void anAnswerThatEndedIsWaitedForNoMore() {
    clock.hit("a", 1_000, 1);
    clock.ended("a");
    clock.token("a", 5_000, 2);

    assertThat(clock.millis()).isEmpty();
  }
}
