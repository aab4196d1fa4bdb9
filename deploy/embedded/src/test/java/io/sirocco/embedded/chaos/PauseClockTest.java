package io.sirocco.embedded.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PauseClockTest {
  private final PauseClock pauses = new PauseClock();

  @Test
  void theLongestIsThatBetweenTwoPiecesOfOneAnswer() {
    pauses.piece("one", 100);
    pauses.piece("other", 900);
    pauses.piece("one", 350);
    pauses.piece("one", 400);

    assertThat(pauses.longest()).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void whatComesAfterTheEndIsNoPause() {
    pauses.piece("one", 100);
    pauses.ended("one");
    pauses.piece("one", 900);

    assertThat(pauses.longest()).isZero();
  }
}
