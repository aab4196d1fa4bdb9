package io.sirocco.client;

import org.jspecify.annotations.Nullable;

/** The request could not be written to its topic, or no reply topic could be had for it. */
public final class SubmitFailedException extends SiroccoException {
  private static final long serialVersionUID = 1L;

  SubmitFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
