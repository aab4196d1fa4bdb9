package io.sirocco.worker.sampling;

/**
 * Keeps the smallest set of the likeliest tokens whose probabilities add up to a given mass; of
 * equals those with the smaller ids.
 *
 * <p>The last of them is found as Hoare's selection finds an element, by weight in place of number,
 * without sorting.
 *
 * <p>Immutable.
 *
 * <p>Source: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", section 3.1.
 *
 * @param mass above 0 and below 1
 */
record TopP(double mass) implements Truncation {
  /** By far more than sums that are added up in another order differ. */
  private static final double MARGIN = 1e-9;

  @Override
  public void select(LogitsRow row, Candidates candidates) {
    double total = row.weight();
    // All tokens less likely than this weigh less than 1 - mass together: none of them is kept.
    double negligible = (1 - mass) * total / row.size();
    row.collect(row.greatest() + Math.log(negligible), candidates);
    candidates.weigh();
    keep(mass * total, candidates);
  }

  @Override
  public void apply(Candidates candidates) {
    candidates.weigh();
    keep(mass * candidates.weight(0, candidates.size() - 1), candidates);
  }

  @Override
  public boolean apply(Candidates candidates, Others others) {
    candidates.weigh();
    double weight = candidates.weight(0, candidates.size() - 1);
    keep(mass * (weight + others.most()) * (1 + MARGIN), candidates);
    int most = candidates.size();
    keep(mass * (weight + others.least()) * (1 - MARGIN), candidates);
    return candidates.size() == most;
  }

  private static void keep(double weight, Candidates candidates) {
    int low = 0;
    int high = candidates.size() - 1;
    double missing = weight;
    while (low < high) {
      int middle = candidates.split(low, high);
      double likelier = candidates.weight(low, middle);
      if (likelier >= missing) {
        high = middle;
      } else {
        missing -= likelier;
        low = middle + 1;
      }
    }
    candidates.keepFirst(low + 1);
  }
}
