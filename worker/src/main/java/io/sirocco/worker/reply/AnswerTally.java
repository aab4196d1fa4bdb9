package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import org.jspecify.annotations.Nullable;

/**
 * Counts what an answer uses: the prompt once, and the tokens of all its choices. A prompt counts when
 * the engine has admitted it here, or pieces in the log show that it was computed; a start shows
 * nothing, as it may be written for a request that waits.
 *
 * <p>Confined to the reply thread.
 */
final class AnswerTally {
  private final int promptTokens;
  private final CostEstimate costs;
  private int cachedTokens;
  private int completionTokens;
  private boolean promptCounts;
  private FinishReason finishReason = FinishReason.STOP;

  /**
   * @param promptTokens tokens of the rendered conversation; 0 when nothing will be computed
   * @param costs what they and those of the answer cost
   */
  AnswerTally(int promptTokens, CostEstimate costs) {
    this.promptTokens = promptTokens;
    this.costs = costs;
  }

  /**
   * Notes that the prompt is computed here.
   *
   * @param cached how many of its tokens were in the cache before the first choice
   */
  void admitted(int cached) {
    promptCounts = true;
    cachedTokens = cached;
  }

  private int promptTokens() {
    return promptCounts ? promptTokens : 0;
  }

  /** Begins with what others wrote of the answer. */
  void resume(ReplyCheckpoint checkpoint) {
    promptCounts |= !checkpoint.chunks().isEmpty();
    completionTokens = checkpoint.completionTokens();
    finishReason = AnswerTotals.finishReason(checkpoint);
  }

  /** Counts a piece that was written. */
  void count(ReplyPiece piece) {
    completionTokens += piece.tokenIds().size();
    if (piece.finishReason() == FinishReason.LENGTH) {
      finishReason = FinishReason.LENGTH;
    }
  }

  /** How many tokens were generated, of all choices. */
  int completionTokens() {
    return completionTokens;
  }

  /** Counts no more than the first {@code tokens} of those that were generated. */
  void backTo(int tokens) {
    completionTokens = tokens;
  }

  /** The usage so far; null when nothing was computed. */
  @Nullable
  Usage usageIfAny() {
    return promptTokens() == 0 && completionTokens == 0 ? null : usage();
  }

  /** The usage so far, and what it costs now. */
  Usage usage() {
    return Usage.of(promptTokens(), cachedTokens, completionTokens)
        .costing(costs.of(promptTokens(), cachedTokens, completionTokens));
  }

  /** What a complete answer used; it counts as cut off by its length if one of its choices was. */
  AnswerTotals totals() {
    return totals(AnswerTotals.outcome(finishReason));
  }

  /** What an answer used that ended like that. */
  AnswerTotals totals(String outcome) {
    return new AnswerTotals(promptTokens(), cachedTokens, completionTokens, outcome);
  }
}
