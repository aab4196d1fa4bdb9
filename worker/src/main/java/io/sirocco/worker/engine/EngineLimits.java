package io.sirocco.worker.engine;

/**
 * How much the engine does at a time.
 *
 * <p>Immutable.
 *
 * @param sequences the most sequences that have a place in the cache at the same time
 * @param stepTokens the most tokens of a step; running answers are never left out, so a step has at
 *     least as many as they are
 * @param prefillTokens the most tokens of prompts in a step with running answers, which wait for it
 */
public record EngineLimits(int sequences, int stepTokens, int prefillTokens) {
  /** The {@link #stepTokens} that suit most machines. */
  public static final int STEP_TOKENS = 512;

  /** The {@link #prefillTokens} that suit most machines. */
  public static final int PREFILL_TOKENS = 48;

  public EngineLimits {
    if (sequences < 1 || stepTokens < 1 || prefillTokens < 1) {
      throw new IllegalArgumentException(
          "expected 1 or more sequences, tokens and tokens of prompts, found %d, %d and %d"
              .formatted(sequences, stepTokens, prefillTokens));
    }
  }

  /** Returns the limits when nothing is said but how many sequences there may be. */
  public static EngineLimits of(int sequences) {
    return new EngineLimits(sequences, STEP_TOKENS, PREFILL_TOKENS);
  }
}
