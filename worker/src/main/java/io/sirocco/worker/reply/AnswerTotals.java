package io.sirocco.worker.reply;

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
}
