package io.sirocco.worker.model;

/**
 * One step of the model failed. The model can be used again, and each sequence of the step is tried
 * once more by itself: what the step was to append is to be computed again.
 *
 * <p>Immutable.
 */
public final class ModelStepException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Reports the step's failure with its cause. */
  public ModelStepException(String message, Throwable cause) {
    super(message, cause);
  }
}
