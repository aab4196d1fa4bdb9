package io.sirocco.worker.sampling;

import java.util.Map;

/**
 * How the tokens of one answer are chosen.
 *
 * <p>Immutable.
 *
 * @param temperature logits are divided by it, 0 to 2; below {@value #GREEDY_BELOW} the likeliest
 *     token is always taken, and no truncation or draw takes place
 * @param topK this many of the likeliest tokens are kept; 0: all
 * @param topP the smallest set of the likeliest tokens with this probability is kept, above 0 and at
 *     most 1; 1: all
 * @param minP tokens below this share of the likeliest one's probability are dropped, 0 to 1; 0: none
 * @param presencePenalty taken off the logits of tokens that the answer holds, -2 to 2
 * @param frequencyPenalty taken off the logits of tokens for each time that the answer holds them, -2
 *     to 2
 * @param repetitionPenalty makes tokens that prompt or answer hold less likely when above 1, 0.01 to 5
 * @param noRepeatNgramSize no sequence of this many tokens appears twice in prompt and answer; 0: any
 *     may
 * @param logitBias added to the logits of single token ids, -100 to 100
 * @param minTokens the answer does not end by a token before it has this many
 * @param seed makes the draw repeatable
 * @param logProbabilities whether each token comes with its log-probability
 * @param topLogProbabilities with how many of the likeliest tokens' as well, 0 to 20
 */
public record SamplingParameters(
    double temperature,
    int topK,
    double topP,
    double minP,
    double presencePenalty,
    double frequencyPenalty,
    double repetitionPenalty,
    int noRepeatNgramSize,
    Map<Integer, Float> logitBias,
    int minTokens,
    long seed,
    boolean logProbabilities,
    int topLogProbabilities) {

  /** Logits divided by less than this leave no float32 room for anything but the likeliest token. */
  static final double GREEDY_BELOW = 1e-5;

  private static final int MOST_TOP_LOG_PROBABILITIES = 20;

  /** Always the likeliest token. */
  public static final SamplingParameters GREEDY = builder().temperature(0).build();

  public SamplingParameters {
    within("temperature", temperature, 0, 2);
    atLeastZero("topK", topK);
    require(topP > 0 && topP <= 1, "topP", "above 0 and at most 1", topP);
    within("minP", minP, 0, 1);
    within("presencePenalty", presencePenalty, -2, 2);
    within("frequencyPenalty", frequencyPenalty, -2, 2);
    within("repetitionPenalty", repetitionPenalty, 0.01, 5);
    atLeastZero("noRepeatNgramSize", noRepeatNgramSize);
    logitBias = Map.copyOf(logitBias);
    logitBias.forEach((id, bias) -> {
      atLeastZero("logitBias' token id", id);
      within("logitBias[%d]".formatted(id), bias, -100, 100);
    });
    atLeastZero("minTokens", minTokens);
    int mostTop = logProbabilities ? MOST_TOP_LOG_PROBABILITIES : 0;
    require(
        topLogProbabilities >= 0 && topLogProbabilities <= mostTop,
        "topLogProbabilities",
        "0 to %d, above 0 only with logProbabilities".formatted(MOST_TOP_LOG_PROBABILITIES),
        topLogProbabilities);
  }

  /** Starts from parameters that leave the model's distribution as it is, with seed 0. */
  public static SamplingParametersBuilder builder() {
    return new SamplingParametersBuilder();
  }

  /** Returns these parameters with another seed. */
  public SamplingParameters withSeed(long other) {
    return new SamplingParameters(
        temperature,
        topK,
        topP,
        minP,
        presencePenalty,
        frequencyPenalty,
        repetitionPenalty,
        noRepeatNgramSize,
        logitBias,
        minTokens,
        other,
        logProbabilities,
        topLogProbabilities);
  }

  /** Whether the likeliest token is always taken. */
  public boolean isGreedy() {
    return temperature < GREEDY_BELOW;
  }

  private static void within(String name, double value, double least, double most) {
    require(value >= least && value <= most, name, number(least) + " to " + number(most), value);
  }

  private static void atLeastZero(String name, int value) {
    require(value >= 0, name, "0 or more", value);
  }

  private static void require(boolean holds, String name, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "expected %s of %s, found %s".formatted(name, expected, found));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
