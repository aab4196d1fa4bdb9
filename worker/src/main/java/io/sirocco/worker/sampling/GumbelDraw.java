package io.sirocco.worker.sampling;

/**
 * Draws one of the candidates with its probability among them.
 *
 * <p>The candidate with the greatest sum of logit and Gumbel noise is taken, of equal sums the one
 * with the smaller id. As the noise depends on seed, choice, position and token id alone, so does
 * the token; and a rounding error of the logits matters only where two sums nearly tie.
 *
 * <p>Thread-safe: without state.
 *
 * <p>Source: Maddison, Tarlow, Minka 2014, "A* Sampling", section 2 (the Gumbel-max trick).
 */
final class GumbelDraw {
  /** Above 1 by more than the relative error of a weight, and by less than matters. */
  private static final double MARGIN = 1 + 1e-9;

  private GumbelDraw() {}

  /**
   * Returns the token drawn.
   *
   * <p>Most candidates are passed over without a logarithm: as {@code -log u >= 1 - u}, a sum is at
   * most {@code logit - log(1 - u)}, and does not reach the greatest one so far when {@code 1 - u} is
   * above the exponential of the distance from it.
   *
   * @param candidates one or more, in any order
   * @param key of {@link CounterRandom}
   */
  static int draw(Candidates candidates, long key) {
    candidates.weigh();
    float likeliest = candidates.greatestLogit();
    int drawn = -1;
    double greatest = Double.NEGATIVE_INFINITY;
    double reach = Double.POSITIVE_INFINITY; // From weights to the exponential of the distance.
    for (int i = 0; i < candidates.size(); i++) {
      int id = candidates.tokenId(i);
      double uniform = CounterRandom.uniform(key, id);
      if (1 - uniform > candidates.weight(i) * reach) {
        continue;
      }
      double sum = candidates.logit(i) - Math.log(-Math.log(uniform));
      if (sum > greatest || (sum == greatest && id < drawn)) {
        greatest = sum;
        drawn = id;
        reach = Math.exp(likeliest - greatest) * MARGIN;
      }
    }
    return drawn;
  }
}
