package io.sirocco.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sirocco.worker.model.folder.Experts;
import io.sirocco.worker.model.folder.ModelConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecodeTrafficTest {
  private static final double WEIGHTS = 100_073_472;

  private static ModelConfig config(@Nullable Integer window) {
    return config(window, null);
  }

  private static ModelConfig config(@Nullable Integer window, @Nullable Experts experts) {
    return new ModelConfig(
        768, 12, 12, 4, 64, 2048, 32_000, 1e4, 1e-5, window, 4096, false, experts);
  }

  @Test
  void oneSequenceReadsEveryMatrixAndItsOwnKeysAndValues() {
    double cache = 2 * 12 * 4 * 64 * 64; // From nothing to 128 tokens: 64 in the middle.

    assertThat(new DecodeTraffic(config(null), 2, 2).bytesPerToken(DecodeLoad.of(1)))
        .isCloseTo(2 * (WEIGHTS + cache), within(1.0));
  }

  @Test
  void quantisedWeightsAreReadInFewerBytesThanTheCache() {
    double cache = 2 * 12 * 4 * 64 * 64;

    assertThat(new DecodeTraffic(config(null), 0.625, 2).bytesPerToken(DecodeLoad.of(1)))
        .isCloseTo(0.625 * WEIGHTS + 2 * cache, within(1.0));
  }

  @Test
  void sequencesShareTheMatricesOfAStep() {
    double cache = 2 * 12 * 4 * 64 * 144; // From 128 to 160 tokens.

    assertThat(new DecodeTraffic(config(null), 4, 4).bytesPerToken(DecodeLoad.of(16)))
        .isCloseTo(4 * (WEIGHTS / 16 + cache), within(1.0));
  }

  @Test
  void oneSequenceReadsTheExpertsOfItsTokenOnly() {
    double feedForwards = 12.0 * 3 * 768 * 2048;
    DecodeTraffic dense = new DecodeTraffic(config(null), 2, 2);
    DecodeTraffic sparse = new DecodeTraffic(config(null, new Experts(8, 2)), 2, 2);

    assertThat(sparse.bytesPerToken(DecodeLoad.of(1)) - dense.bytesPerToken(DecodeLoad.of(1)))
        .isCloseTo(2 * feedForwards, within(1.0));
  }

  @Test
  void nothingIsReadFromBeforeTheWindow() {
    double cache = 2 * 12 * 4 * 64 * 100;

    assertThat(new DecodeTraffic(config(100), 2, 2).bytesPerToken(DecodeLoad.of(16)))
        .isCloseTo(2 * (WEIGHTS / 16 + cache), within(1.0));
  }
}
