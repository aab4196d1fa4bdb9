package io.sirocco.client;

/** The thread was interrupted while it waited; its interrupt status is set again. */
public final class ReplyInterruptedException extends SiroccoException {
  private static final long serialVersionUID = 1L;

  ReplyInterruptedException(String message, Exception cause) {
    super(message, cause);
  }
}
