package io.sirocco.client;

import io.sirocco.contracts.error.ErrorBody;

/**
 * The worker answered with an {@code error} record, or the client did in its place: no worker serves
 * the model that the request names.
 */
public final class ChatFailedException extends SiroccoException {
  private static final long serialVersionUID = 1L;

  private final String requestId;

  // Records of the wire are JSON, never Java serialization.
  private final transient ErrorBody body;

  ChatFailedException(String requestId, ErrorBody body) {
    super(
        "request " + requestId + " failed: " + body.error().code() + ": "
            + body.error().message(),
        null);
    this.requestId = requestId;
    this.body = body;
  }

  /** The request that failed. */
  public String requestId() {
    return requestId;
  }

  /** What was said: message, type, parameter and code, and the usage so far if any. */
  public ErrorBody body() {
    return body;
  }
}
