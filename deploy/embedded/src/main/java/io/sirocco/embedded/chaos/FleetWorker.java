package io.sirocco.embedded.chaos;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A worker process.
 *
 * <p>Confined to the main thread.
 */
final class FleetWorker {
  private final String name;
  private final ChildProcess process;
  private final boolean behindProxies;
  private final boolean mayHalt;
  private boolean ready;
  private @Nullable Integer expectedCode;

  /**
   * Takes a process that was just started.
   *
   * @param name its client id
   * @param behindProxies whether it reaches the brokers through proxies
   * @param mayHalt whether it was told to end in one of its closes
   */
  FleetWorker(String name, ChildProcess process, boolean behindProxies, boolean mayHalt) {
    this.name = name;
    this.process = process;
    this.behindProxies = behindProxies;
    this.mayHalt = mayHalt;
  }

  String name() {
    return name;
  }

  ChildProcess process() {
    return process;
  }

  boolean isBehindProxies() {
    return behindProxies;
  }

  /** Whether it answers requests. */
  boolean isReady() throws IOException {
    ready = ready || process.hasSaid("ready model=");
    return ready && expectedCode == null && process.isAlive();
  }

  /** Says that its end is wanted, and with which exit code. */
  void leave(int exitCode) {
    expectedCode = exitCode;
  }

  /** Whether it ended as it was made to. */
  boolean endedAsExpected() {
    return expectedCode != null && expectedCode == process.exitCode();
  }

  /** Whether it ended in a close, as it was told to. */
  boolean halted() {
    return mayHalt && expectedCode == null && process.exitCode() == WorkerFleet.KILLED;
  }
}
