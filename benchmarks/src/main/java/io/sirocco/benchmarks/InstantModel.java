package io.sirocco.benchmarks;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import java.util.Random;

/**
 * A model that takes no time: whatever it is asked, it gives the same random logits.
 *
 * <p>Confined to one thread.
 */
final class InstantModel implements CausalModel {
  private static final int VOCABULARY = 32_000;

  private final ModelShape shape;
  private final float[][] logitsByRows;

  /**
   * @param sequences the most rows of a step
   * @param contextTokens of each sequence; the cache has room for twice as many sequences
   */
  InstantModel(int sequences, int contextTokens) {
    this(sequences, contextTokens, VOCABULARY);
  }

  /**
   * @param sequences the most rows of a step
   * @param contextTokens of each sequence; the cache has room for twice as many sequences
   * @param vocabulary how many tokens it knows
   */
  InstantModel(int sequences, int contextTokens, int vocabulary) {
    shape = new ModelShape(vocabulary, contextTokens, contextTokens, 2 * sequences * contextTokens);
    Random random = new Random(1);
    logitsByRows = new float[sequences + 1][];
    for (int rows = 0; rows <= sequences; rows++) {
      logitsByRows[rows] = new float[rows * vocabulary];
      for (int i = 0; i < logitsByRows[rows].length; i++) {
        logitsByRows[rows][i] = (float) (random.nextGaussian() * 3);
      }
    }
  }

  @Override
  public ModelShape shape() {
    return shape;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) {
    return new LogitsBatch(logitsByRows[input.logitsRows()], shape.vocabularySize());
  }

  @Override
  public void clear(Extent place) {}

  @Override
  public void copy(Extent from, Extent to, int tokens) {}

  @Override
  public void close() {}
}
