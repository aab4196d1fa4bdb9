package io.sirocco.worker.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BacklogTest {
  private final Backlog backlog = new Backlog();

  @Test
  void whatWaitsTakesAsLongAsWhatWasAnswered() {
    backlog.look(20, 10, 30, 0);

    assertThat(backlog.records()).isEqualTo(30);
    assertThat(backlog.seconds()).isEqualTo(30 * 2.0);
  }

  @Test
  void asLongAsNothingWasAnsweredTheOldestIsAsLate() {
    backlog.look(5, 0, 3, 42);

    assertThat(backlog.seconds()).isEqualTo(42);
  }

  @Test
  void nothingWaitsForNoTime() {
    backlog.look(5, 0, 0, 0);

    assertThat(backlog.seconds()).isZero();
  }

  @Test
  void idleTimeChangesNothing() {
    backlog.look(20, 10, 0, 0);
    backlog.look(20, 10, 0, 0);
    backlog.look(20, 10, 5, 0);

    assertThat(backlog.seconds()).isEqualTo(10);
  }

  @Test
  void whatWasSlowLongAgoIsForgotten() {
    backlog.look(100, 1, 0, 0);
    backlog.look(1100, 1001, 10, 0);

    assertThat(backlog.seconds()).isCloseTo(10 * 1.0, within(0.1));
  }
}
