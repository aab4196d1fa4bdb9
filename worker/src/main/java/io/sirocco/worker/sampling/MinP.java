package io.sirocco.worker.sampling;

/**
 * Drops the tokens whose probability is below a share of the likeliest one's.
 *
 * <p>The share is compared as a difference of logits, which needs no sum over the vocabulary.
 *
 * <p>Immutable.
 *
 * <p>Source: Nguyen et al. 2024, "Turning Up the Heat: Min-p Sampling", section 3.
 *
 * @param share above 0 and at most 1
 */
record MinP(double share) implements Truncation {
  @Override
  public void select(LogitsRow row, Candidates candidates) {
    row.collect(row.greatest() + Math.log(share), candidates);
  }

  @Override
  public void apply(Candidates candidates) {
    candidates.dropBelow(candidates.greatestLogit() + Math.log(share));
  }
}
