package io.sirocco.worker.model;

/** One step of the model failed; the sequences in it are lost, the model is not. */
public final class ModelStepException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Reports the step's failure with its cause. */
  public ModelStepException(String message, Throwable cause) {
    super(message, cause);
  }
}
