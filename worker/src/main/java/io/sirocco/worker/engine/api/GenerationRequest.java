package io.sirocco.worker.engine.api;

import io.sirocco.worker.sampling.SamplingParameters;
import java.util.Set;

/**
 * Work for the engine: continue a prompt, or an answer to it that somebody else began.
 *
 * <p>Several choices for one prompt are as many of these, which differ in the choice and the listener;
 * the prompt is computed once.
 *
 * <p>Immutable; compared by identity, as two requests may say the same.
 */
public final class GenerationRequest {
  private static final int[] NOTHING = {};

  private final String id;
  private final int[] promptIds;
  private final int[] resumedIds;
  private final int maxNewTokens;
  private final Set<Integer> endIds;
  private final SamplingParameters sampling;
  private final GenerationListener listener;
  private final int choice;
  private final WaitingLine line;
  private final PrefixReuse reuse;

  /**
   * Describes the only choice of a request that came through no queue and shares with all.
   *
   * @see #GenerationRequest(String, int[], int, Set, SamplingParameters, GenerationListener, int,
   *     String, PrefixReuse)
   */
  public GenerationRequest(
      String id,
      int[] promptIds,
      int maxNewTokens,
      Set<Integer> endIds,
      SamplingParameters sampling,
      GenerationListener listener) {
    this(id, promptIds, maxNewTokens, endIds, sampling, listener, 0, "", PrefixReuse.UNSALTED);
  }

  /**
   * Describes a choice of which nothing was generated yet, and which names neither a user nor a
   * priority.
   *
   * @see #GenerationRequest(String, int[], int[], int, Set, SamplingParameters, GenerationListener,
   *     int, WaitingLine, PrefixReuse)
   */
  public GenerationRequest(
      String id,
      int[] promptIds,
      int maxNewTokens,
      Set<Integer> endIds,
      SamplingParameters sampling,
      GenerationListener listener,
      int choice,
      String queue,
      PrefixReuse reuse) {
    this(
        id,
        promptIds,
        NOTHING,
        maxNewTokens,
        endIds,
        sampling,
        listener,
        choice,
        WaitingLine.of(queue),
        reuse);
  }

  /**
   * Describes the work.
   *
   * @param id names the request in logs
   * @param promptIds the tokens to continue, at least one; not copied, and never changed
   * @param resumedIds the tokens of the answer that were generated before, by whomever; neither copied
   *     nor changed; the listener hears of those that come after them
   * @param maxNewTokens the most tokens to generate, the resumed ones among them, which must be fewer;
   *     0: the prompt is computed, and nothing else; with the prompt no more than the model's context
   * @param endIds the tokens that end the answer
   * @param sampling how tokens are chosen
   * @param listener hears of the results, on the engine thread
   * @param choice the answer's number among those to the same prompt, from 0; each is drawn anew
   * @param line where the request waits
   * @param reuse with whom the prompt's computation is shared
   */
  public GenerationRequest(
      String id,
      int[] promptIds,
      int[] resumedIds,
      int maxNewTokens,
      Set<Integer> endIds,
      SamplingParameters sampling,
      GenerationListener listener,
      int choice,
      WaitingLine line,
      PrefixReuse reuse) {
    if (promptIds.length == 0 || maxNewTokens < 0) {
      throw new IllegalArgumentException(
          "expected a prompt and 0 or more new tokens, found %d and %d"
              .formatted(promptIds.length, maxNewTokens));
    }
    if (resumedIds.length > Math.max(0, maxNewTokens - 1)) {
      throw new IllegalArgumentException("expected fewer than %d resumed tokens, found %d"
          .formatted(maxNewTokens, resumedIds.length));
    }
    this.id = id;
    this.promptIds = promptIds;
    this.resumedIds = resumedIds;
    this.maxNewTokens = maxNewTokens;
    this.endIds = Set.copyOf(endIds);
    this.sampling = sampling;
    this.listener = listener;
    this.choice = choice;
    this.line = line;
    this.reuse = reuse;
  }

  /** Names the request in logs. */
  public String id() {
    return id;
  }

  /** The tokens to continue; not to be changed. */
  public int[] promptIds() {
    return promptIds;
  }

  /** The tokens of the answer that were generated before; not to be changed. */
  public int[] resumedIds() {
    return resumedIds;
  }

  /** The most tokens to generate, the resumed ones among them. */
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

  /** The answer's number among those to the same prompt. */
  public int choice() {
    return choice;
  }

  /** Where the request waits. */
  public WaitingLine line() {
    return line;
  }

  /** Where the request waited before it came here. */
  public String queue() {
    return line.queue();
  }

  /** With whom the prompt's computation is shared. */
  public PrefixReuse reuse() {
    return reuse;
  }
}
