package io.sirocco.worker.reply;

import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.reply.AnswerEnd;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import java.util.Optional;

/**
 * Tells by its reply log whether workers die of a request.
 *
 * <p>Immutable.
 */
public final class Poison {
  /**
   * A request that so many died of would be the death of the next one, too. The last two had it alone;
   * fewer would be met by chance where workers are killed every other second.
   */
  static final int MOST_FRUITLESS_WRITERS = 6;

  private Poison() {}

  /** Whether a request is not to be tried again that so many writers took up and left nothing of. */
  static boolean is(int fruitlessWriters) {
    return fruitlessWriters >= MOST_FRUITLESS_WRITERS;
  }

  /**
   * Says why a request whose answer has ended belongs among the dead letters: whoever ended it may have
   * died before it was written there. A letter that was written is written twice then.
   *
   * @param ended the log of an answer that has ended
   */
  public static Optional<String> found(ReplyCheckpoint ended) {
    AnswerEnd end = ended.end();
    return Optional.ofNullable(end == null ? null : end.error())
        .filter(error -> ErrorCode.SERVER_ERROR.code().equals(error.code()))
        .filter(error -> is(ended.fruitlessWriters()))
        .map(ErrorBody.Detail::message);
  }
}
