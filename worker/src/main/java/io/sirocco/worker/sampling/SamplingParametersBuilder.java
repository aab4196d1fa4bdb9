package io.sirocco.worker.sampling;

import java.util.Map;

/**
 * Collects {@link SamplingParameters} by name; each begins at the value that changes nothing.
 *
 * <p>Confined to one thread.
 */
public final class SamplingParametersBuilder {
  private double temperature = 1;
  private int topK;
  private double topP = 1;
  private double minP;
  private double presencePenalty;
  private double frequencyPenalty;
  private double repetitionPenalty = 1;
  private int noRepeatNgramSize;
  private Map<Integer, Float> logitBias = Map.of();
  private int minTokens;
  private long seed;
  private boolean logProbabilities;
  private int topLogProbabilities;

  SamplingParametersBuilder() {}

  /** Sets {@link SamplingParameters#temperature}. */
  public SamplingParametersBuilder temperature(double value) {
    temperature = value;
    return this;
  }

  /** Sets {@link SamplingParameters#topK}. */
  public SamplingParametersBuilder topK(int value) {
    topK = value;
    return this;
  }

  /** Sets {@link SamplingParameters#topP}. */
  public SamplingParametersBuilder topP(double value) {
    topP = value;
    return this;
  }

  /** Sets {@link SamplingParameters#minP}. */
  public SamplingParametersBuilder minP(double value) {
    minP = value;
    return this;
  }

  /** Sets {@link SamplingParameters#presencePenalty}. */
  public SamplingParametersBuilder presencePenalty(double value) {
    presencePenalty = value;
    return this;
  }

  /** Sets {@link SamplingParameters#frequencyPenalty}. */
  public SamplingParametersBuilder frequencyPenalty(double value) {
    frequencyPenalty = value;
    return this;
  }

  /** Sets {@link SamplingParameters#repetitionPenalty}. */
  public SamplingParametersBuilder repetitionPenalty(double value) {
    repetitionPenalty = value;
    return this;
  }

  /** Sets {@link SamplingParameters#noRepeatNgramSize}. */
  public SamplingParametersBuilder noRepeatNgramSize(int value) {
    noRepeatNgramSize = value;
    return this;
  }

  /** Sets {@link SamplingParameters#logitBias}. */
  public SamplingParametersBuilder logitBias(Map<Integer, Float> value) {
    logitBias = value;
    return this;
  }

  /** Sets {@link SamplingParameters#minTokens}. */
  public SamplingParametersBuilder minTokens(int value) {
    minTokens = value;
    return this;
  }

  /** Sets {@link SamplingParameters#seed}. */
  public SamplingParametersBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** Sets {@link SamplingParameters#logProbabilities}. */
  public SamplingParametersBuilder logProbabilities(boolean value) {
    logProbabilities = value;
    return this;
  }

  /** Sets {@link SamplingParameters#topLogProbabilities}. */
  public SamplingParametersBuilder topLogProbabilities(int value) {
    topLogProbabilities = value;
    return this;
  }

  /**
   * Returns the parameters.
   *
   * @throws IllegalArgumentException naming the first that is out of its range, with what was found
   */
  public SamplingParameters build() {
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
        seed,
        logProbabilities,
        topLogProbabilities);
  }
}
