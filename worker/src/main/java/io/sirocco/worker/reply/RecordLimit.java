package io.sirocco.worker.reply;

import io.sirocco.contracts.error.ErrorCode;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * How large a record of an answer may be: the producer says so of what it sends, and the broker of
 * what it keeps. Such a record was not written, and never will be.
 *
 * <p>Immutable and thread-safe.
 */
final class RecordLimit {
  /** What a reader is told. */
  static final ErrorCode CODE = ErrorCode.ANSWER_TOO_LARGE;

  private RecordLimit() {}

  /** Whether it is the size of a record for which the record was not written. */
  static boolean isExceeded(Throwable fault) {
    return fault instanceof RecordTooLargeException;
  }

  /** Says which limits there are, what was found, and what to do. */
  static String describe(Throwable fault) {
    return "expected a record no larger than max.request.size of the worker's producer and"
        + " max.message.bytes of the reply topic, found: %s Ask for fewer top_logprobs, or without"
            .formatted(fault.getMessage())
        + " return_token_ids, or have the limit raised";
  }
}
