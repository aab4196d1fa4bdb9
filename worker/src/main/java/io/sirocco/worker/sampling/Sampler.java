package io.sirocco.worker.sampling;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the tokens of one answer, each from its row of logits.
 *
 * <p>The order is: temperature, min-p, top-k, top-p, draw; greedy answers stop before it. The draw
 * takes the candidate with the greatest sum of logit and Gumbel noise, which has exactly the
 * candidates' probabilities. As the noise depends on seed, choice, position and token id alone, the
 * same request draws the same tokens whoever its batch neighbours are, and after a restart at any
 * position; and a rounding error of the logits matters only where two sums nearly tie.
 *
 * <p>Immutable; thread-safe as long as no two threads share the candidates.
 *
 * <p>Source: Maddison, Tarlow, Minka 2014, "A* Sampling", section 2 (the Gumbel-max trick).
 */
public final class Sampler {
  private final SamplingParameters parameters;
  private final int choice;
  private final List<Truncation> truncations;

  /** Makes the sampler of one choice of one request. */
  public Sampler(SamplingParameters parameters, int choice) {
    this.parameters = parameters;
    this.choice = choice;
    this.truncations = truncations(parameters);
  }

  private static List<Truncation> truncations(SamplingParameters parameters) {
    List<Truncation> truncations = new ArrayList<>();
    if (parameters.minP() > 0) {
      truncations.add(new MinP(parameters.minP()));
    }
    if (parameters.topK() > 0) {
      truncations.add(new TopK(parameters.topK()));
    }
    if (parameters.topP() < 1) {
      truncations.add(new TopP(parameters.topP()));
    }
    return truncations;
  }

  /**
   * Chooses a token.
   *
   * @param logits rows of raw logits, {@code scratch}'s vocabulary size long
   * @param offset where this answer's row begins
   * @param position the place of the token in the answer, from 0
   * @param scratch is overwritten
   */
  public int sample(float[] logits, int offset, int position, Candidates scratch) {
    if (parameters.isGreedy()) {
      return argmax(logits, offset, scratch.vocabularySize());
    }
    scratch.fill(logits, offset, parameters.temperature());
    for (Truncation truncation : truncations) {
      truncation.apply(scratch);
    }
    return draw(scratch, CounterRandom.key(parameters.seed(), choice, position));
  }

  private static int argmax(float[] logits, int offset, int length) {
    int best = 0;
    for (int id = 1; id < length; id++) {
      if (logits[offset + id] > logits[offset + best]) {
        best = id;
      }
    }
    return best;
  }

  private static int draw(Candidates candidates, long key) {
    int drawn = candidates.tokenId(0);
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      int id = candidates.tokenId(i);
      double gumbel = -Math.log(-Math.log(CounterRandom.uniform(key, id)));
      double sum = candidates.logit(i) + gumbel;
      // Of equal sums the smaller id wins, whatever order the truncations left.
      if (sum > greatest || (sum == greatest && id < drawn)) {
        greatest = sum;
        drawn = id;
      }
    }
    return drawn;
  }
}
