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

  /** The index in {@link #values} of the first logit of {@code row}. */
  public int offset(int row) {
    return row * vocabularySize;
  }
}
