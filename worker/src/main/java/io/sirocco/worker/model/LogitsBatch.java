package io.sirocco.worker.model;

import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one step: of each all its logits, or what serves in their place.
 *
 * <p>Confined to the engine thread, which owns the array and may change it.
 *
 * @param values float32 logits before any sampling, row after row of those that are whole: {@code
 *     [rows - partial, vocabularySize]}
 * @param vocabularySize the length of a whole row
 * @param partial the rows that are not whole, by their numbers
 * @param left has the whole rows of shortlists
 */
@SuppressWarnings("ArrayRecordComponent") // A view of one step's results; never compared.
public record LogitsBatch(
    float[] values, int vocabularySize, SortedMap<Integer, PartialRow> partial, Left left) {

  /** What a step has left behind where it was computed, until the model is used again. */
  @FunctionalInterface
  public interface Left {
    /**
     * Returns the logits of rows of which a shortlist was given, one row after the other.
     *
     * @throws ModelStepException when they cannot be had any more
     */
    float[] whole(int... rows) throws ModelStepException;
  }

  /** Whole rows alone. */
  public LogitsBatch(float[] values, int vocabularySize) {
    this(values, vocabularySize, Collections.emptySortedMap(), rows -> new float[0]);
  }

  /** The number of rows. */
  public int rows() {
    return values.length / vocabularySize + partial.size();
  }

  /** What there is of {@code row}, or null when it is whole. */
  public @Nullable PartialRow partial(int row) {
    return partial.get(row);
  }

  /** The index in {@link #values} of the first logit of {@code row}, which is to be whole. */
  public int offset(int row) {
    int before = partial.isEmpty() ? 0 : partial.headMap(row).size();
    return (row - before) * vocabularySize;
  }
}
