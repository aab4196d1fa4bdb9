package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.worker.model.ModelLoadException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CardBandwidthTest {
  @Test
  void ratesAreBytesOverTheTimeThatReadingThemTook() throws Exception {
    AtomicLong millis = new AtomicLong();
    double[] rates =
        CardBandwidth.measure(ComputeDevice.CPU, 1000, () -> millis.getAndIncrement() * 1_000_000);
    assertThat(rates).isNotEmpty().containsOnly(16 * 4000 / 0.001);
  }

  @Test
  void aCardThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> CardBandwidth.measure(new ComputeDevice("cuda:99"), () -> 0L))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith("expected a device cuda:99");
  }
}
