package io.sirocco.worker.intake;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.topic.Headers;
import java.util.regex.Pattern;

/** A request that cannot be answered, because it names no place that may be answered to. */
final class UndeliverableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  private UndeliverableException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  static UndeliverableException missing(String header) {
    return new UndeliverableException(
        ErrorCode.MISSING_REQUIRED_PARAMETER, "expected header '%s', found none".formatted(header));
  }

  static UndeliverableException notAllowed(Pattern allowed) {
    return new UndeliverableException(
        ErrorCode.REPLY_TOPIC_NOT_ALLOWED,
        "expected header '%s' to name a topic that matches %s, found another"
            .formatted(Headers.REPLY_TOPIC, allowed));
  }

  static UndeliverableException badPartition() {
    return new UndeliverableException(
        ErrorCode.INVALID_VALUE,
        "expected header '%s' to be a 4-byte integer of 0 or more, found other bytes"
            .formatted(Headers.REPLY_PARTITION));
  }

  ErrorCode code() {
    return code;
  }
}
