package io.sirocco.worker.verify;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import java.util.Arrays;
import java.util.List;

/**
 * How surprised a model is by texts: the exponential of the mean negative log-probability of their
 * tokens, each given all before it. What number formats cost shows as the difference between two of
 * them.
 *
 * <p>Confined to the model's thread.
 *
 * <p>Source: Jelinek et al. 1977, "Perplexity: a measure of the difficulty of speech recognition
 * tasks".
 */
public final class Perplexity {
  private static final int TOKENS_OF_A_STEP = 64;

  private final CausalModel model;
  private final Extent place;
  private double surprise;
  private int tokensScored;

  /**
   * @param model whose context and cache hold any of the texts
   */
  public Perplexity(CausalModel model) {
    this.model = model;
    this.place = new Extent(0, Integer.highestOneBit(model.shape().cacheTokens()));
  }

  /**
   * Computes a text.
   *
   * @param tokens at most as many as the model's context
   * @param scoredFrom the first token that counts, at least 1
   */
  public void add(int[] tokens, int scoredFrom) throws ModelStepException {
    if (scoredFrom < 1 || scoredFrom >= tokens.length) {
      throw new IllegalArgumentException("expected tokens to score from 1 to %d, found %d"
          .formatted(tokens.length - 1, scoredFrom));
    }
    for (int start = 0; start < tokens.length - 1; start += TOKENS_OF_A_STEP) {
      int end = Math.min(tokens.length - 1, start + TOKENS_OF_A_STEP);
      int[] step = Arrays.copyOfRange(tokens, start, end);
      LogitsBatch logits =
          model.forward(new ForwardInput(List.of(new Span(place, start, step, step.length))));
      for (int next = Math.max(scoredFrom, start + 1); next <= end; next++) {
        surprise -= logProbability(logits, next - start - 1, tokens[next]);
        tokensScored++;
      }
    }
  }

  /** Of all tokens that counted so far. */
  public double value() {
    return Math.exp(surprise / tokensScored);
  }

  /** How many tokens counted so far. */
  public int tokensScored() {
    return tokensScored;
  }

  private static double logProbability(LogitsBatch logits, int row, int token) {
    float[] values = logits.values();
    int begin = logits.offset(row);
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.vocabularySize(); i++) {
      greatest = Math.max(greatest, values[begin + i]);
    }
    double sum = 0;
    for (int i = 0; i < logits.vocabularySize(); i++) {
      sum += Math.exp(values[begin + i] - greatest);
    }
    return values[begin + token] - greatest - Math.log(sum);
  }
}
