package io.sirocco.embedded.role;

/**
 * Why a role ends.
 *
 * <p>Immutable.
 */
sealed interface RoleEnd {
  /** The exit code of a process whose role died, after the field's EX_SOFTWARE. */
  int FATAL_CODE = 70;

  /** The exit code of the process. */
  int exitCode();

  /** It was asked to. */
  record Asked(StopSignal signal) implements RoleEnd {
    @Override
    public int exitCode() {
      return signal.drainedCode();
    }
  }

  /** It cannot go on. */
  record Died(Throwable fault) implements RoleEnd {
    @Override
    public int exitCode() {
      return FATAL_CODE;
    }
  }
}
