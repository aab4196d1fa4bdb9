package io.sirocco.worker.prompt;

/**
 * What an answer's records hold, besides the text. Whether log-probabilities are among it stands in
 * the sampling parameters.
 *
 * <p>Immutable.
 *
 * @param stream {@code stream}: whether the answer is read while it is written
 * @param includeUsage {@code stream_options.include_usage}: whether a stream's reader asked for usage
 * @param skipSpecialTokens {@code skip_special_tokens}: whether control tokens leave no text; default
 *     true
 * @param returnTokenIds {@code return_token_ids}: whether bodies carry the ids of prompt and answer
 * @param continued {@code continue_final_message}: whether the answer's text goes on from the prompt's,
 *     and is no new one
 * @param echoed what stands before the answer's first text in every choice: with {@code echo} the
 *     final assistant message, with {@code return_full_text} the prompt; empty: nothing
 */
public record AnswerForm(
    boolean stream,
    boolean includeUsage,
    boolean skipSpecialTokens,
    boolean returnTokenIds,
    boolean continued,
    String echoed) {

  /** The whole answer at its end, and nothing but its text. */
  public static final AnswerForm WHOLE = new AnswerForm(false, false, true, false, false, "");

  /** The answer while it is written, and nothing but its text. */
  public static final AnswerForm STREAM = new AnswerForm(true, false, true, false, false, "");

  /** Returns this form for an answer whose text goes on from that of the whole prompt. */
  AnswerForm after(String prompt) {
    return new AnswerForm(stream, includeUsage, skipSpecialTokens, returnTokenIds, true, prompt);
  }
}
