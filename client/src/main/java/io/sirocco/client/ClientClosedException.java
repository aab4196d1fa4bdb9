package io.sirocco.client;

/** The client was closed before the answer ended, or before the request was submitted. */
public final class ClientClosedException extends SiroccoException {
  private static final long serialVersionUID = 1L;

  ClientClosedException(String message) {
    super(message, null);
  }
}
