package io.sirocco.embedded.role;

/**
 * A signal that asks a process to end.
 *
 * <p>Immutable.
 */
public enum StopSignal {
  /** An orchestrator's. Its process has done what was asked, so it ends well. */
  TERM(15, 0),
  /** Ctrl-C. A shell wants to know, lest it goes on with the rest of a script. */
  INT(2, 130),
  /** A terminal that was closed. */
  HUP(1, 129);

  private final int number;
  private final int drainedCode;

  StopSignal(int number, int drainedCode) {
    this.number = number;
    this.drainedCode = drainedCode;
  }

  /** The exit code of a process that has ended in good order. */
  public int drainedCode() {
    return drainedCode;
  }

  /** The exit code of a process that ends at once: by convention, 128 and the signal's number. */
  public int atOnceCode() {
    return 128 + number;
  }
}
