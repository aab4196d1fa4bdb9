package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.reply.AnswerEnd;
import io.sirocco.contracts.reply.ReplyCheckpoint;

/**
 * What became of an answer, for the bill.
 *
 * <p>Immutable.
 *
 * @param promptTokens tokens of the rendered conversation; 0 when it was not computed
 * @param cachedTokens how many of them were in the cache already
 * @param completionTokens tokens generated and written
 * @param outcome how it ended: {@code stop}, {@code length} or the code of an error
 */
public record AnswerTotals(
    int promptTokens, int cachedTokens, int completionTokens, String outcome) {
  /** Returns the totals of a request for which nothing was computed. */
  public static AnswerTotals ofNothing(String outcome) {
    return new AnswerTotals(0, 0, 0, outcome);
  }

  /**
   * Returns the totals of an answer that ended, as they were billed, or would have been, by whoever
   * ended it.
   *
   * @throws IllegalStateException when it is open
   */
  public static AnswerTotals of(ReplyCheckpoint ended) {
    AnswerEnd end = ended.end();
    if (end == null) {
      throw new IllegalStateException("expected an answer with an end, found an open one");
    }
    String outcome =
        end.error() == null ? outcome(finishReason(ended)) : end.error().code();
    Usage usage = end.usage();
    if (usage == null) {
      return ofNothing(outcome);
    }
    Usage.PromptTokensDetails details = usage.promptTokensDetails();
    int cachedTokens = details == null ? 0 : details.cachedTokens();
    return new AnswerTotals(usage.promptTokens(), cachedTokens, usage.completionTokens(), outcome);
  }

  /** Says how the choices ended so far: by their length, if one of them did. */
  static FinishReason finishReason(ReplyCheckpoint checkpoint) {
    return checkpoint.chunks().stream()
            .map(ChatChunk::choices)
            .flatMap(choices -> choices.stream())
            .anyMatch(choice -> choice.finishReason() == FinishReason.LENGTH)
        ? FinishReason.LENGTH
        : FinishReason.STOP;
  }

  static String outcome(FinishReason finishReason) {
    return finishReason == FinishReason.LENGTH ? "length" : "stop";
  }
}
