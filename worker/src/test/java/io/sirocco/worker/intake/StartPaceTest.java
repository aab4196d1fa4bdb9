package io.sirocco.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StartPaceTest {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final StartPace pace = new StartPace();

  @Test
  void nothingIsKnownBeforeTwoStarts() {
    assertThat(pace.secondsFor(1, 0)).isNull();
    pace.started(0);
    assertThat(pace.secondsFor(1, SECOND_NANOS)).isNull();
  }

  @Test
  void startsTakeAsLongAsTheLastOnesDid() {
    for (int i = 0; i <= 40; i++) {
      pace.started(i < 20 ? 10L * i * SECOND_NANOS : (200 + 2L * i) * SECOND_NANOS);
    }

    assertThat(pace.secondsFor(3, (200 + 80) * SECOND_NANOS)).isEqualTo(6);
  }

  @Test
  void whileNothingStartsItGetsSlower() {
    pace.started(0);
    pace.started(SECOND_NANOS);

    assertThat(pace.secondsFor(2, SECOND_NANOS)).isEqualTo(2);
    assertThat(pace.secondsFor(2, 5 * SECOND_NANOS)).isEqualTo(10);
  }

  @Test
  void whatWasBeforeAPauseSaysNothing() {
    pace.started(0);
    pace.started(SECOND_NANOS);
    pace.clear();

    assertThat(pace.secondsFor(1, 2 * SECOND_NANOS)).isNull();
  }
}
