package io.sirocco.worker.sampling;

/**
 * Changes the logits of one answer's next token, each by itself, by what prompt and answer hold so
 * far.
 *
 * <p>A step belongs to one sequence, and hears of each token that is appended to its answer. Token
 * ids that a row does not have are passed over.
 *
 * <p>Confined to one thread at a time.
 */
sealed interface LogitsStep
    permits FrequencyPenalty,
        LogitBias,
        MinimumLength,
        NoRepeatNgram,
        PresencePenalty,
        RepetitionPenalty {

  /** Changes {@code row}, a copy that belongs to the sampler. */
  void apply(LogitsRow row);

  /** Whether it leaves no logit greater than it was. */
  boolean onlyLowers();

  /** Takes note of a token that was appended to the answer. */
  void accept(int tokenId);
}
