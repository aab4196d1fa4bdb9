package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadPaceTest {
  private static final long GB = 1_000_000_000;

  /** Below zero, as {@code System.nanoTime} may be. */
  private long nanos = -Duration.ofSeconds(1).toNanos();

  private final LoadPace pace =
      new LoadPace(() -> nanos, Duration.ofSeconds(2), Duration.ofSeconds(1));

  @Test
  void timeLeftIsThatOfTheRestAtThePaceSoFar() {
    pace.next(GB, 10 * GB);
    passSeconds(4);
    assertThat(pace.next(3 * GB, 10 * GB)).contains("3.0 of 10.0 GB, about 14 s left");
  }

  @Test
  void nothingIsSaidOfAShortLoad() {
    pace.next(GB, 10 * GB);
    passSeconds(1);
    assertThat(pace.next(9 * GB, 10 * GB)).isEmpty();
  }

  @Test
  void afterALineThereIsAPause() {
    pace.next(GB, 10 * GB);
    passSeconds(2);
    assertThat(pace.next(2 * GB, 10 * GB)).isPresent();
    assertThat(pace.next(3 * GB, 10 * GB)).isEmpty();
    passSeconds(1);
    assertThat(pace.next(4 * GB, 10 * GB)).contains("4.0 of 10.0 GB, about 6 s left");
  }

  @Test
  void nothingIsSaidOfTheEnd() {
    pace.next(GB, 10 * GB);
    passSeconds(9);
    assertThat(pace.next(10 * GB, 10 * GB)).isEmpty();
  }

  private void passSeconds(int seconds) {
    nanos += Duration.ofSeconds(seconds).toNanos();
  }
}
