package io.sirocco.worker.sampling;

/**
 * Keeps the smallest set of the likeliest tokens whose probabilities add up to a given mass.
 *
 * <p>Immutable.
 *
 * <p>Source: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", section 3.1.
 *
 * @param mass above 0 and below 1
 */
record TopP(double mass) implements Truncation {
  @Override
  public void apply(Candidates candidates) {
    float greatest = candidates.greatestLogit();
    double total = 0;
    for (int i = 0; i < candidates.size(); i++) {
      total += Math.exp(candidates.logit(i) - greatest);
    }
    // All tokens below this probability weigh less than 1 - mass together, so none of them is in
    // the
    // set, and only the few above it must be sorted.
    double negligible = (1 - mass) / candidates.size();
    candidates.dropBelow(greatest + Math.log(negligible * total));
    candidates.sort();
    double sum = 0;
    int kept = 0;
    while (kept < candidates.size() && sum < mass * total) {
      sum += Math.exp(candidates.logit(kept++) - greatest);
    }
    candidates.keepFirst(Math.max(kept, 1));
  }
}
