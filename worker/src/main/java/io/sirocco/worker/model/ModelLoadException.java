package io.sirocco.worker.model;

/**
 * A model folder cannot be served. The message is one line for the person who named the folder: what
 * was expected, and what was found.
 */
public final class ModelLoadException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Reports what is wrong with the folder. */
  public ModelLoadException(String message) {
    super(message);
  }

  /** Reports what is wrong with the folder, with the cause. */
  public ModelLoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
