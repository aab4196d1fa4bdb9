package io.sirocco.worker.intake;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The time as the intake sees it, and how it passes while the intake waits for others.
 *
 * <p>Immutable.
 *
 * @param nanos a clock that never goes back, in nanoseconds
 * @param idle lets a moment pass
 */
public record IntakeClock(LongSupplier nanos, Runnable idle) {
  private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Returns the clock of the machine. */
  public static IntakeClock system() {
    return new IntakeClock(System::nanoTime, () -> LockSupport.parkNanos(MOMENT_NANOS));
  }
}
