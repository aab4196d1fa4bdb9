package io.sirocco.client;

import java.time.Duration;

/** A reader waited as long as it wanted to; the answer goes on, and can be read again later. */
public final class ReplyTimeoutException extends SiroccoException {
  private static final long serialVersionUID = 1L;

  ReplyTimeoutException(String requestId, String expected, Duration patience) {
    super(
        "request " + requestId + ": expected " + expected + " within " + patience.toMillis()
            + " ms, found none",
        null);
  }
}
