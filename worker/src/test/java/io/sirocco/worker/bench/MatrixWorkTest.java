package io.sirocco.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.model.folder.Experts;
import io.sirocco.worker.model.folder.ModelConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MatrixWorkTest {
  private static final double WEIGHTS = 100_073_472;
  private static final double HEAD = 768 * 32_000;

  private static MatrixWork work(@Nullable Experts experts) {
    return new MatrixWork(
        new ModelConfig(768, 12, 12, 4, 64, 2048, 32_000, 1e4, 1e-5, null, 4096, false, experts));
  }

  @Test
  void anAnswersTokenMeetsEachWeightOnce() {
    assertThat(work(null).ofAnswer()).isEqualTo(2 * WEIGHTS);
  }

  @Test
  void aPromptsTokenHasNoLogits() {
    assertThat(work(null).ofPrompt()).isEqualTo(2 * (WEIGHTS - HEAD));
  }

  @Test
  void aTokenMeetsTheExpertsThatItIsSentTo() {
    double feedForwards = 12.0 * 3 * 768 * 2048;

    assertThat(work(new Experts(8, 2)).ofPrompt()).isEqualTo(2 * (WEIGHTS - HEAD + feedForwards));
  }
}
