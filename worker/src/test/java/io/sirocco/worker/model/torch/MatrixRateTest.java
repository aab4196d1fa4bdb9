package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.worker.model.ModelLoadException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatrixRateTest {
  /** Four products of 64 rows, each of 64 * 64 sums of 64 products. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void ratesAreOperationsOverTheTimeThatTheyTook(Precision precision) throws Exception {
    AtomicLong millis = new AtomicLong();
    double[] rates = MatrixRate.measure(
        ComputeDevice.CPU, precision, 1, 64, () -> millis.getAndIncrement() * 1_000_000);

    assertThat(rates).hasSize(7).containsOnly(4 * 2 * 64.0 * 64 * 64 / 0.001);
  }

  @Test
  void aCardThatIsNotThereIsSaid() {
    assertThatThrownBy(
            () -> MatrixRate.measure(new ComputeDevice("cuda:99"), Precision.BF16, 1, () -> 0L))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith("expected a device cuda:99");
  }
}
