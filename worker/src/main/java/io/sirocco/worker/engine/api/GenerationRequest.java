package io.sirocco.worker.engine.api;

import io.sirocco.worker.sampling.SamplingParameters;
import java.util.Set;

/**
 * Work for the engine: continue a prompt.
 *
 * <p>Immutable; compared by identity, as two requests may say the same.
 */
public final class GenerationRequest {
  private final String id;
  private final int[] promptIds;
  private final int maxNewTokens;
  private final Set<Integer> endIds;
  private final SamplingParameters sampling;
  private final GenerationListener listener;

  /**
   * Describes the work.
   *
   * @param id names the request in logs
   * @param promptIds the tokens to continue, at least one; not copied, and never changed
   * @param maxNewTokens the most tokens to generate, at least 1; with the prompt no more than the
   *     model's context
   * @param endIds the tokens that end the answer
   * @param sampling how tokens are chosen
   * @param listener hears of the results, on the engine thread
   */
  public GenerationRequest(
      String id,
      int[] promptIds,
      int maxNewTokens,
      Set<Integer> endIds,
      SamplingParameters sampling,
      GenerationListener listener) {
    if (promptIds.length == 0 || maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "expected a prompt and 1 or more new tokens, found %d and %d"
              .formatted(promptIds.length, maxNewTokens));
    }
    this.id = id;
    this.promptIds = promptIds;
    this.maxNewTokens = maxNewTokens;
    this.endIds = Set.copyOf(endIds);
    this.sampling = sampling;
    this.listener = listener;
  }

  /** Names the request in logs. */
  public String id() {
    return id;
  }

  /** The tokens to continue; not to be changed. */
  public int[] promptIds() {
    return promptIds;
  }

  /** The most tokens to generate. */
  public int maxNewTokens() {
    return maxNewTokens;
  }

  /** The tokens that end the answer. */
  public Set<Integer> endIds() {
    return endIds;
  }

  /** How tokens are chosen. */
  public SamplingParameters sampling() {
    return sampling;
  }

  /** Hears of the results. */
  public GenerationListener listener() {
    return listener;
  }
}
