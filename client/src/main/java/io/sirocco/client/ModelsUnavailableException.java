package io.sirocco.client;

import org.jspecify.annotations.Nullable;

/** Which models there are could not be read, or not in time. */
public final class ModelsUnavailableException extends SiroccoException {
  private static final long serialVersionUID = 1L;

  ModelsUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
