package io.sirocco.benchmarks;

import java.util.Random;

/** Rows of logits as flat as those of a model that is unsure: normal, with a deviation of 3. */
final class RandomLogits {
  private static final double DEVIATION = 3;

  private RandomLogits() {}

  static float[] rows(int rows, int vocabularySize) {
    Random random = new Random(1);
    float[] logits = new float[rows * vocabularySize];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (random.nextGaussian() * DEVIATION);
    }
    return logits;
  }
}
