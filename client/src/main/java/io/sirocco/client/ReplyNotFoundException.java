package io.sirocco.client;

/**
 * There is no answer where one was looked for: nobody wrote down where it lives, as for another user's
 * request, or it was deleted.
 */
public final class ReplyNotFoundException extends SiroccoException {
  private static final long serialVersionUID = 1L;

  ReplyNotFoundException(String message) {
    super(message, null);
  }
}
