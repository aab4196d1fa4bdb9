package io.sirocco.gateway.refusal;

/** A request is not answered. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  // Never leaves the process.
  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.body().error().message(), null, false, false);
    this.refusal = refusal;
  }

  /** Why. */
  public Refusal refusal() {
    return refusal;
  }
}
