package io.sirocco.worker.intake;

import java.time.Duration;

/**
 * Tells whether this worker was away for so long, frozen or starved, that the group takes it for dead:
 * then its partitions belong to others, though it has not heard of it yet.
 *
 * <p>This spares work that nobody wants, and nothing more: what a worker does that has lost its
 * partitions counts for nobody, with or without it. A clock that stands still while the whole machine
 * is suspended makes it blind, and harms nothing.
 *
 * <p>Confined to the intake thread.
 */
final class Liveness {
  private final IntakeClock clock;
  private final long timeoutNanos;
  private long lastNanos;
  private boolean away;

  Liveness(IntakeClock clock, Duration sessionTimeout) {
    this.clock = clock;
    this.timeoutNanos = sessionTimeout.toNanos();
    this.lastNanos = clock.nanos().getAsLong();
  }

  /** Notes that the worker runs, though it waited for others. */
  void alive() {
    lastNanos = clock.nanos().getAsLong();
  }

  /** Notes that the worker runs, in the middle of much that it has to do. */
  void working() {
    long now = clock.nanos().getAsLong();
    away |= now - lastNanos > timeoutNanos;
    lastNanos = now;
  }

  /** Notes that the worker runs; whether it did not for longer than a session lasts. */
  boolean wasAway() {
    working();
    boolean was = away;
    away = false;
    return was;
  }
}
