package io.sirocco.worker.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * <p>Steps 10 to 12 each keep so many of the likeliest tokens. So where steps 2 to 7 raise no logit, a
 * few of the likeliest tokens decide as the row does if not all of them are kept: whatever else there
 * is, is less likely than one that was dropped.
 *
 * <p>Confined to one thread at a time.
 *
 * <p>Source: the order is that of vLLM's {@code v1/sample/sampler.py}, but for bans, which come last.
 */
public final class Sampler {
  /** By how much float32 may be wrong about a sum of exponentials: its share, and what it cannot tell from 0. */
  private static final double REST_ERROR = 1e-4;

  private static final double LEAST_REST = 1e-30;

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
      row.scale(scale());
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

  /**
   * Chooses the token that the whole row would give, from the likeliest tokens of it, if they decide;
   * of a sampler that {@linkplain #takesShortlist takes them}.
   *
   * @param tokenIds the tokens, the likeliest first, of equals any
   * @param logits their raw logits, of all others none is greater than the last; what is no number
   *     counts as greatest
   * @param rest what all other tokens weigh together at {@link #scale}, where the likeliest weighs 1
   * @param scratch is overwritten
   * @return the token without log-probabilities; empty when it takes the whole row to tell
   */
  public Optional<SamplingOutcome> sample(
      int[] tokenIds, float[] logits, double rest, SamplingScratch scratch) {
    LogitsRow row = scratch.row();
    row.copy(tokenIds, logits);
    steps.forEach(step -> step.apply(row));
    Candidates candidates = scratch.candidates();
    candidates.clear();
    float bound = logits[logits.length - 1] * scale(); // Others may be as likely, not likelier.
    for (int id : tokenIds) {
      float logit = row.get(id) * scale();
      if (!Float.isFinite(logit) && logit != Float.NEGATIVE_INFINITY) {
        return Optional.empty();
      }
      if (logit > bound) {
        candidates.add(id, logit);
      }
    }
    if (candidates.size() == 0) {
      return Optional.empty();
    }
    double greatest = candidates.greatestLogit();
    double equal = (tokenIds.length - candidates.size()) * Math.exp(bound - greatest);
    double share = Math.exp(logits[0] * scale() - greatest);
    Others others = new Others(
        equal + rest * (1 - REST_ERROR) * share,
        equal + (rest * (1 + REST_ERROR) + LEAST_REST) * share);
    return choose(candidates, steps.isEmpty() ? others : others.orFewer());
  }

  private Optional<SamplingOutcome> choose(Candidates candidates, Others others) {
    if (parameters.isGreedy()) {
      new TopK(1).apply(candidates);
      return Optional.of(new SampledToken(candidates.tokenId(0), null));
    }
    return truncate(candidates, others)
        ? Optional.of(new SampledToken(draw(candidates), null))
        : Optional.empty();
  }

  /** Keeps the tokens that may be drawn; false when others might be, or it depends on them. */
  private boolean truncate(Candidates candidates, Others beside) {
    int known = candidates.size();
    Others others = beside;
    for (Truncation truncation : truncations) {
      if (!truncation.apply(candidates, others)) {
        return false;
      }
      others = candidates.size() < known ? Others.NONE : others.orFewer();
    }
    return candidates.size() < known;
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

  /**
   * Whether it usually suffices to look at the likeliest tokens of a row.
   *
   * @param length at how many of them
   */
  public boolean takesShortlist(int length) {
    boolean cuts = parameters.isGreedy()
        || parameters.topP() < 1
        || parameters.minP() > 0
        || (parameters.topK() > 0 && parameters.topK() < length - 1);
    return cuts
        && !parameters.logProbabilities()
        && steps.stream().allMatch(LogitsStep::onlyLowers);
  }

  /** What logits are multiplied by before a token is drawn. */
  public float scale() {
    return parameters.isGreedy() ? 1 : (float) (1 / parameters.temperature());
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
    return draw(scratch.candidates());
  }

  private int draw(Candidates candidates) {
    return GumbelDraw.draw(candidates, CounterRandom.key(parameters.seed(), choice, position));
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
