package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Logprobs;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The next piece of an answer.
 *
 * <p>Immutable.
 *
 * @param choice which of the answer's choices it belongs to, from 0
 * @param text what is new; empty when the tokens complete no text that may be shown
 * @param logprobs how likely the tokens of the text were, or null when nobody asked
 * @param tokenIds the ids of all tokens since the choice's last piece
 * @param finishReason on the choice's last piece, why it ended
 */
public record ReplyPiece(
    int choice,
    String text,
    @Nullable Logprobs logprobs,
    List<Integer> tokenIds,
    @Nullable FinishReason finishReason) {

  public ReplyPiece {
    tokenIds = List.copyOf(tokenIds);
  }

  /** Returns this piece and the one after it, of the same choice, as one. */
  ReplyPiece and(ReplyPiece next) {
    return new ReplyPiece(
        choice,
        text + next.text,
        joined(logprobs, next.logprobs),
        Stream.concat(tokenIds.stream(), next.tokenIds.stream()).toList(),
        next.finishReason);
  }

  private static @Nullable Logprobs joined(@Nullable Logprobs first, @Nullable Logprobs second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return new Logprobs(
        Stream.concat(first.content().stream(), second.content().stream()).toList());
  }
}
