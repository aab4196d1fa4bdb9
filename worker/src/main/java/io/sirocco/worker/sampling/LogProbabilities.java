package io.sirocco.worker.sampling;

import java.util.List;

/**
 * How likely the model held the token that was chosen, and the likeliest ones.
 *
 * <p>They are of the logits as the model gave them, whatever the sampling parameters.
 *
 * <p>Immutable.
 *
 * @param chosen the natural logarithm of the chosen token's probability, 0 or less
 * @param top the likeliest tokens, the likeliest first, of equals the one with the smaller id; as
 *     many as were asked for
 */
public record LogProbabilities(double chosen, List<Entry> top) {

  public LogProbabilities {
    top = List.copyOf(top);
  }

  /**
   * One token.
   *
   * <p>Immutable.
   *
   * @param logProbability the natural logarithm of its probability, 0 or less
   */
  public record Entry(int tokenId, double logProbability) {}

  /** Finds them for {@code tokenId} in the row of {@code scratch}, whose maxima are known. */
  static LogProbabilities of(int tokenId, int topCount, SamplingScratch scratch) {
    LogitsRow row = scratch.row();
    double logOfSum = row.greatest() + Math.log(row.weight());
    Candidates candidates = scratch.candidates();
    candidates.clear();
    if (topCount > 0) {
      new TopK(topCount).select(row, candidates);
      candidates.sort();
    }
    Entry[] top = new Entry[candidates.size()];
    for (int i = 0; i < top.length; i++) {
      top[i] = new Entry(candidates.tokenId(i), candidates.logit(i) - logOfSum);
    }
    return new LogProbabilities(row.get(tokenId) - logOfSum, List.of(top));
  }
}
