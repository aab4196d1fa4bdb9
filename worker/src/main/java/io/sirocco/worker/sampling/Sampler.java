package io.sirocco.worker.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Chooses the tokens of one answer, each from its row of logits.
 *
 * <p>The order, which is part of what the parameters mean:
 *
 * <ol>
 *   <li>float32 logits as the model gave them, of which log-probabilities are, if asked for
 *   <li>logit bias
 *   <li>repetition penalty
 *   <li>frequency penalty
 *   <li>presence penalty
 *   <li>no-repeat n-gram
 *   <li>minimum length
 *   <li>greedy answers take the likeliest token here
 *   <li>temperature
 *   <li>min-p
 *   <li>top-k
 *   <li>top-p
 *   <li>the draw, whose noise depends on seed, choice, position and token id alone
 * </ol>
 *
 * <p>So the same request gives the same tokens whoever its batch neighbours are, and after a restart
 * at any position: a sampler is restored by accepting the tokens that are there. Should steps 2 to 7
 * leave no token, the last of them yields, then the one before it.
 *
 * <p>Confined to one thread at a time.
 *
 * <p>Source: the order is that of vLLM's {@code v1/sample/sampler.py}, but for bans, which come last.
 */
public final class Sampler {
  private final SamplingParameters parameters;
  private final int choice;
  private final List<LogitsStep> steps;
  private final List<Truncation> truncations;
  private int position;

  /**
   * Makes the sampler of one choice of one request, for its first token.
   *
   * @param choice from 0
   * @param promptIds the tokens that the answer follows
   * @param endIds the tokens that end the answer
   */
  public Sampler(SamplingParameters parameters, int choice, int[] promptIds, Set<Integer> endIds) {
    this.parameters = parameters;
    this.choice = choice;
    this.steps = steps(parameters, promptIds, endIds);
    this.truncations = truncations(parameters);
  }

  private static List<LogitsStep> steps(
      SamplingParameters parameters, int[] promptIds, Set<Integer> endIds) {
    // In the order in which they are applied; a mask of allowed tokens would be the first.
    List<LogitsStep> steps = new ArrayList<>();
    if (!parameters.logitBias().isEmpty()) {
      steps.add(new LogitBias(parameters.logitBias()));
    }
    if (parameters.repetitionPenalty() != 1) {
      steps.add(new RepetitionPenalty(parameters.repetitionPenalty(), promptIds));
    }
    if (parameters.frequencyPenalty() != 0) {
      steps.add(new FrequencyPenalty(parameters.frequencyPenalty()));
    }
    if (parameters.presencePenalty() != 0) {
      steps.add(new PresencePenalty(parameters.presencePenalty()));
    }
    if (parameters.noRepeatNgramSize() > 0) {
      steps.add(new NoRepeatNgram(parameters.noRepeatNgramSize(), promptIds));
    }
    if (parameters.minTokens() > 0) {
      steps.add(new MinimumLength(parameters.minTokens(), endIds));
    }
    return steps;
  }

  private static List<Truncation> truncations(SamplingParameters parameters) {
    // In the order in which they are applied.
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
   * Chooses the next token; the same one until a token is accepted.
   *
   * @param logits rows of raw logits, {@code scratch}'s vocabulary size long; not changed
   * @param offset where this answer's row begins
   * @param scratch is overwritten
   */
  public SamplingOutcome sample(float[] logits, int offset, SamplingScratch scratch) {
    LogitsRow row = scratch.row();
    process(logits, offset, row);
    if (!parameters.isGreedy()) {
      row.scale((float) (1 / parameters.temperature()));
    }
    if (!Float.isFinite(row.greatest())) {
      return new UnusableLogits(row.greatest());
    }
    int tokenId = parameters.isGreedy() ? row.likeliest() : draw(scratch);
    if (!parameters.logProbabilities()) {
      return new SampledToken(tokenId, null);
    }
    row.view(logits, offset);
    row.findMaxima();
    return new SampledToken(
        tokenId, LogProbabilities.of(tokenId, parameters.topLogProbabilities(), scratch));
  }

  /** Takes note that a token was appended to the answer, sampled here or before a restart. */
  public void accept(int tokenId) {
    position++;
    for (LogitsStep step : steps) {
      step.accept(tokenId);
    }
  }

  /** Whether the likeliest token of a row is all that is looked at. */
  public boolean takesLikeliest() {
    return parameters.isGreedy() && steps.isEmpty() && !parameters.logProbabilities();
  }

  /** Whether a row is so much work that it pays to hand it to another thread. */
  boolean isCostly() {
    return !parameters.isGreedy() || parameters.logProbabilities();
  }

  private void process(float[] logits, int offset, LogitsRow row) {
    int applied = steps.size();
    do {
      apply(applied, logits, offset, row);
    } while (row.greatest() == Float.NEGATIVE_INFINITY && applied-- > 0);
  }

  private void apply(int stepCount, float[] logits, int offset, LogitsRow row) {
    if (parameters.isGreedy() && stepCount == 0) {
      row.view(logits, offset);
    } else {
      row.copy(logits, offset);
    }
    for (int i = 0; i < stepCount; i++) {
      steps.get(i).apply(row);
    }
    if (parameters.isGreedy()) {
      row.findLikeliest();
    } else {
      row.findMaxima();
    }
  }

  private int draw(SamplingScratch scratch) {
    truncate(scratch.row(), scratch.candidates());
    return GumbelDraw.draw(
        scratch.candidates(), CounterRandom.key(parameters.seed(), choice, position));
  }

  /** Replaces {@code candidates} by the tokens that may be drawn. */
  void truncate(LogitsRow row, Candidates candidates) {
    if (truncations.isEmpty()) {
      row.collect(Double.NEGATIVE_INFINITY, candidates);
    } else {
      truncations.get(0).select(row, candidates);
      for (int i = 1; i < truncations.size(); i++) {
        truncations.get(i).apply(candidates);
      }
    }
  }
}
