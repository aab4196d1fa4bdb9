package io.sirocco.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void measurementsNeedNoOrder() {
    assertThat(Spread.of(3, 1, 2)).isEqualTo(new Spread(1, 2, 3));
  }

  @Test
  void oneMeasurementIsAllThree() {
    assertThat(Spread.of(7)).isEqualTo(new Spread(7, 7, 7));
  }

  @Test
  void noMeasurementIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(Spread::of);
  }
}
