package io.sirocco.worker.intake;

import io.sirocco.worker.engine.api.EngineInbox;
import java.time.Duration;

/**
 * Tells whether the engine works: one that died, or hangs when the worker is to end, may do so because
 * of something that it had taken in.
 *
 * <p>Confined to the intake thread.
 */
final class EngineWatch {
  /**
   * So long a step may take at least. A slower one is taken for one that hangs, which costs nothing but
   * a count that the next piece of the answer clears.
   */
  static final Duration LONGEST_STEP = Duration.ofSeconds(3);

  private final EngineInbox inbox;
  private final IntakeClock clock;
  private boolean draining;
  private long steps;
  private long changedNanos;

  EngineWatch(EngineInbox inbox, IntakeClock clock) {
    this.inbox = inbox;
    this.clock = clock;
  }

  /** Nothing new is handed to the engine: from now on it is to end steps, as long as it has work. */
  void drain() {
    draining = true;
    steps = inbox.steps();
    changedNanos = clock.nanos().getAsLong();
  }

  /** Looks whether a step has ended since the last look. */
  void look() {
    long now = inbox.steps();
    if (now != steps) {
      steps = now;
      changedNanos = clock.nanos().getAsLong();
    }
  }

  /** Whether what the engine has taken in, and nothing came of, may be to blame for its fault. */
  boolean isAtFault() {
    look();
    return inbox.isEngineDead() || hangs();
  }

  private boolean hangs() {
    return draining && clock.nanos().getAsLong() - changedNanos >= LONGEST_STEP.toNanos();
  }
}
