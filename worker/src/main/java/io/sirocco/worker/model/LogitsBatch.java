package io.sirocco.worker.model;

/**
 * The logits of one step: {@code [rows, vocabularySize]}, row after row in one array.
 *
 * <p>Confined to the engine thread, which owns the array and may change it.
 *
 * @param values {@code rows * vocabularySize} float32 logits before any sampling
 * @param vocabularySize the length of a row
 */
@SuppressWarnings("ArrayRecordComponent") // A view of one step's results; never compared.
public record LogitsBatch(float[] values, int vocabularySize) {

  /** The number of rows. */
  public int rows() {
    return values.length / vocabularySize;
  }

  /** Whether all logits of {@code row} are numbers; a sampler has no right answer to any other. */
  public boolean isFinite(int row) {
    int begin = offset(row);
    float sum = 0; // x * 0 is 0 for every number, and NaN for NaN and the infinities.
    for (int i = begin; i < begin + vocabularySize; i++) {
      sum += values[i] * 0;
    }
    return sum == 0;
  }

  /** The index in {@link #values} of the first logit of {@code row}. */
  public int offset(int row) {
    return row * vocabularySize;
  }
}
