package io.sirocco.embedded.chaos;

import java.util.List;

/**
 * The answer to a question while nothing went wrong.
 *
 * <p>Immutable.
 *
 * @param answer what it was
 * @param gaps by choice, by how much the likeliest token of each place was likelier than the next, as a
 *     difference of logits; a place that it does not reach is not known to be close
 */
record Undisturbed(Answer answer, List<List<Double>> gaps) {
  /** Below it, two sums in different order may choose differently. */
  private static final double NEAR = 1e-4;

  Undisturbed {
    gaps = List.copyOf(gaps);
  }

  /** Whether another token at that place may be due to rounding. */
  boolean isNearTie(int choice, int place) {
    List<Double> known = gaps.get(choice);
    return place < known.size() && known.get(place) < NEAR;
  }
}
