package io.sirocco.worker.reply;

import io.sirocco.contracts.error.ErrorCode;

/**
 * Hears how the delivery of one answer ended: once, on the reply thread, or never when the lane was
 * abandoned.
 */
public interface ReplyOutcome {
  /** The terminal record is acknowledged. */
  void delivered(AnswerTotals totals);

  /** The lane was interrupted before anything was written; somebody else may answer. */
  void untouched();

  /** A record could not be written; nobody can be told but the dead letters. */
  void undeliverable(ErrorCode code, String message, AnswerTotals totals);
}
