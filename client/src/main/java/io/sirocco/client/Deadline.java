package io.sirocco.client;

import java.time.Duration;

/**
 * A moment after which nobody waits any more.
 *
 * <p>Immutable.
 *
 * @param nanoTime the moment, on the scale of {@link System#nanoTime()}
 */
record Deadline(long nanoTime) {
  /** Returns the deadline that far from now. */
  static Deadline after(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** The time that is left; zero when none is. */
  Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  boolean isPast() {
    return remaining().isZero();
  }
}
