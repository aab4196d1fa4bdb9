package io.sirocco.worker.model;

import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one step: of each all its logits, or the likeliest token alone.
 *
 * <p>Confined to the engine thread, which owns the array and may change it.
 *
 * @param values float32 logits before any sampling, row after row of those that are whole: {@code
 *     [rows - likeliest, vocabularySize]}
 * @param vocabularySize the length of a whole row
 * @param likeliest of the rows that are not whole, by their numbers
 */
@SuppressWarnings("ArrayRecordComponent") // A view of one step's results; never compared.
public record LogitsBatch(
    float[] values, int vocabularySize, SortedMap<Integer, Likeliest> likeliest) {

  /** Whole rows alone. */
  public LogitsBatch(float[] values, int vocabularySize) {
    this(values, vocabularySize, Collections.emptySortedMap());
  }

  /** The number of rows. */
  public int rows() {
    return values.length / vocabularySize + likeliest.size();
  }

  /** The likeliest token of {@code row}, or null when the row is whole. */
  public @Nullable Likeliest likeliest(int row) {
    return likeliest.get(row);
  }

  /** The index in {@link #values} of the first logit of {@code row}, which is to be whole. */
  public int offset(int row) {
    int before = likeliest.isEmpty() ? 0 : likeliest.headMap(row).size();
    return (row - before) * vocabularySize;
  }
}
