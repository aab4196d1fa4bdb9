package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.FinishReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The next piece of an answer.
 *
 * <p>Immutable.
 *
 * @param text what is new; empty when the tokens complete no text that may be shown
 * @param tokenIds the ids of all tokens since the last piece
 * @param finishReason on the last piece, why the answer ended
 */
public record ReplyPiece(
    String text, List<Integer> tokenIds, @Nullable FinishReason finishReason) {

  public ReplyPiece {
    tokenIds = List.copyOf(tokenIds);
  }
}
