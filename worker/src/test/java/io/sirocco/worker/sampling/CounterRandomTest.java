package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CounterRandomTest {

  @Test
  void extremesAreAboveZeroAndBelowOne() {
    assertThat(CounterRandom.fraction(0L)).isEqualTo(0x1p-53);
    assertThat(CounterRandom.fraction(-1L)).isEqualTo(1 - 0x1p-53).isLessThan(1);
  }

  @Test
  void noiseOfTheExtremesIsFinite() {
    assertThat(-Math.log(-Math.log(CounterRandom.fraction(0L)))).isFinite();
    assertThat(-Math.log(-Math.log(CounterRandom.fraction(-1L)))).isFinite();
  }
}
