package io.sirocco.worker.reply;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.reply.ReplyCheckpoint;

/**
 * Hears what becomes of one answer, on the reply thread: nothing more when the lane was abandoned.
 */
public interface ReplyOutcome {
  /** The request was claimed, and goes on in this lane: a start of its own is in the log. */
  void takenUp();

  /** A piece of the answer is acknowledged, the first or another. */
  void movedOn();

  /** The terminal record is acknowledged, whoever wrote it. */
  void delivered(AnswerTotals totals);

  /** A record could not be written; nobody can be told but the dead letters. */
  void undeliverable(ErrorCode code, String message, AnswerTotals totals);

  /**
   * Too many workers took the request up and left nothing; the answer is going to be an error, or is
   * one.
   *
   * @param message what was expected and what was found
   */
  void suspected(String message);

  /**
   * The log holds more of the answer than this lane knows of, and the answer is to go on from there, in
   * another lane: the own start is the current one.
   */
  void overtaken(ReplyCheckpoint checkpoint);

  /** The lane was released, and nothing more is written; somebody else may go on. */
  void released();

  /** The request is somebody else's; nothing more is written. */
  void lost();
}
