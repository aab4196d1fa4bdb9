package io.sirocco.worker.simulation;

/** Unwinds a thread of a process that was killed: nothing of it may go on. */
final class SimCrash extends Error {
  private static final long serialVersionUID = 1L;

  SimCrash(String process) {
    super(process + " was killed", null, false, false);
  }
}
