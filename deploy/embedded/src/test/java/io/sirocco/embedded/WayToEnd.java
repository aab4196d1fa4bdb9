package io.sirocco.embedded;

import java.util.concurrent.locks.LockSupport;

/**
 * How a request is the end of its worker.
 *
 * <p>Immutable.
 */
enum WayToEnd {
  /** As a fault of a native library ends the process. */
  HALT(134) {
    @Override
    void meet() {
      Runtime.getRuntime().halt(exitCode());
    }
  },

  /** As memory that runs out ends the engine, and the worker ends itself. */
  THROW(70) {
    @Override
    void meet() {
      throw new OutOfMemoryError("planted");
    }
  },

  /** As native code that never returns: somebody has to end the process. */
  HANG(1) {
    @Override
    void meet() {
      System.out.println(HANGS);
      while (true) {
        LockSupport.park();
      }
    }
  };

  /** The line that a worker writes which hangs. */
  static final String HANGS = "hangs for ever";

  private final int exitCode;

  WayToEnd(int exitCode) {
    this.exitCode = exitCode;
  }

  /** That of the process in the end. */
  int exitCode() {
    return exitCode;
  }

  /** Does it, on the engine thread. */
  abstract void meet();
}
