package io.sirocco.client;

import org.jspecify.annotations.Nullable;

/** The reply log can no longer be read: records of it are gone, or one is not what it claims to be. */
public final class ReplyLostException extends SiroccoException {
  private static final long serialVersionUID = 1L;

  ReplyLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
