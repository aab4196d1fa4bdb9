package io.sirocco.worker.reply;

import java.util.ArrayList;
import java.util.List;

/**
 * The pieces of an answer that are not written yet; bounded by the tokens of the answer.
 *
 * <p>Confined to the reply thread.
 */
final class PieceQueue {
  /** With what is told of each token, a record would get too large. */
  private static final int MOST_TOKENS_AS_ONE = 256;

  private final List<ReplyPiece> pieces = new ArrayList<>();

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  void clear() {
    pieces.clear();
  }

  /** Takes the first out; there must be one. */
  ReplyPiece remove() {
    return pieces.remove(0);
  }

  /**
   * Appends {@code piece}.
   *
   * @param slow whether it is to become one with the last of its choice: while a log is slow its
   *     answer's pieces grow, and not their number
   */
  void add(ReplyPiece piece, boolean slow) {
    for (int i = pieces.size() - 1; slow && i >= 0; i--) {
      ReplyPiece before = pieces.get(i);
      if (before.choice() == piece.choice()) {
        if (before.tokenIds().size() < MOST_TOKENS_AS_ONE) {
          pieces.set(i, before.and(piece));
          return;
        }
        break;
      }
    }
    pieces.add(piece);
  }
}
