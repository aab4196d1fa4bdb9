package io.sirocco.worker.sampling;

/**
 * Keeps the likeliest tokens, a fixed number of them; of equals those with the smaller ids.
 *
 * <p>They are found by Hoare's selection, without sorting.
 *
 * <p>Immutable.
 *
 * <p>Source: Fan et al. 2018, "Hierarchical Neural Story Generation", section 5.4; Hoare 1961,
 * "Algorithm 65: Find".
 *
 * @param count how many, at least 1
 */
record TopK(int count) implements Truncation {
  @Override
  public void select(LogitsRow row, Candidates candidates) {
    if (count > row.columns()) {
      row.collect(Double.NEGATIVE_INFINITY, candidates);
    } else {
      // The maxima of so many columns are so many tokens: what is below all of them is not kept.
      row.collectMaxima(candidates);
      apply(candidates);
      row.collect(candidates.leastLogit(), candidates);
    }
    apply(candidates);
  }

  @Override
  public void apply(Candidates candidates) {
    int low = 0;
    int high = candidates.size() - 1;
    while (low < high) {
      int middle = candidates.split(low, high);
      if (count - 1 <= middle) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    candidates.keepFirst(count);
  }
}
