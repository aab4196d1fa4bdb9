package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExponentialsTest {
  @Test
  void relativeErrorIsBelowItsBound() {
    int count = 640_001;
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = -i * 1e-4;
    }

    Exponentials.replace(numbers, count);

    double greatest = 0;
    for (int i = 0; i < count; i++) {
      double exact = Math.exp(-i * 1e-4);
      greatest = Math.max(greatest, Math.abs(numbers[i] - exact) / exact);
    }
    assertThat(greatest).isLessThan(1e-11);
  }

  @Test
  void zeroGivesExactlyOne() {
    double[] zero = {0, 7};

    Exponentials.replace(zero, 1);

    assertThat(zero).containsExactly(1, 7);
  }

  @Test
  void whatIsFarBelowIsClamped() {
    assertThat(Exponentials.clamped(-63.5)).isEqualTo(-63.5);
    assertThat(Exponentials.clamped(-1e9)).isEqualTo(-64);
    assertThat(Exponentials.clamped(Double.NEGATIVE_INFINITY)).isEqualTo(-64);
  }
}
