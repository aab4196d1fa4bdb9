package io.sirocco.client;

import org.jspecify.annotations.Nullable;

/** Why an answer, or a wait for it, came to nothing. */
public abstract sealed class SiroccoException extends RuntimeException
    permits ChatFailedException,
        ClientClosedException,
        ModelsUnavailableException,
        ReplyInterruptedException,
        ReplyLostException,
        ReplyNotFoundException,
        ReplyTimeoutException,
        SubmitFailedException {
  private static final long serialVersionUID = 1L;

  SiroccoException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
