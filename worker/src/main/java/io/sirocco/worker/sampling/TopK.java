package io.sirocco.worker.sampling;

/**
 * Keeps the likeliest tokens, a fixed number of them; of equals those with the smaller ids.
 *
 * <p>Immutable.
 *
 * <p>Source: Fan et al. 2018, "Hierarchical Neural Story Generation", section 5.4.
 *
 * @param count how many, at least 1
 */
record TopK(int count) implements Truncation {
  @Override
  public void apply(Candidates candidates) {
    if (count < candidates.size()) {
      candidates.partition(count);
      candidates.keepFirst(count);
    }
  }
}
