package io.sirocco.worker.bench;

import io.sirocco.worker.kvcache.Extent;

/**
 * What a measurement of decoding computes: some sequences that go on together from prompts of equal
 * length.
 *
 * <p>Immutable.
 *
 * @param sequences the size of the batch
 * @param promptTokens what each has in the cache before the clock starts
 * @param steps how many tokens are then generated for each
 */
public record DecodeLoad(int sequences, int promptTokens, int steps) {
  private static final int PROMPT_TOKENS = 128;
  private static final int STEPS_ALONE = 128;
  private static final int TOKENS_IN_ALL = 256;
  private static final int FEWEST_STEPS = 32;

  public DecodeLoad {
    if (sequences < 1 || promptTokens < 0 || steps < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 sequence, 0 prompt tokens and 1 step, found %d, %d and %d"
              .formatted(sequences, promptTokens, steps));
    }
  }

  /**
   * Returns the usual load: one sequence alone generates 128 tokens from nothing; several go on from
   * 128 tokens each, for 256 tokens in all, but at least 32 each.
   */
  public static DecodeLoad of(int sequences) {
    return sequences == 1
        ? new DecodeLoad(1, 0, STEPS_ALONE)
        : new DecodeLoad(
            sequences, PROMPT_TOKENS, Math.max(FEWEST_STEPS, TOKENS_IN_ALL / sequences));
  }

  /** How long a sequence becomes, in tokens. */
  public int sequenceTokens() {
    return promptTokens + steps;
  }

  /** How much of a cache it takes, in tokens. */
  public int cacheTokens() {
    return sequences * Extent.capacityFor(sequenceTokens());
  }

  /** How long a sequence is in the middle of the measurement, in tokens. */
  double meanTokens() {
    return promptTokens + steps / 2.0;
  }

  /** The place of a sequence in a cache that holds nothing else. */
  Extent place(int sequence) {
    int capacity = Extent.capacityFor(sequenceTokens());
    return new Extent(sequence * capacity, capacity);
  }
}
