package io.sirocco.worker.intake;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How fast waiting requests are taken up: the time since the last few starts, divided among them, so that
 * it gets slower while nothing starts.
 *
 * <p>Confined to the intake thread.
 */
final class StartPace {
  private static final int MOST = 16;

  private final Deque<Long> startNanos = new ArrayDeque<>();

  /** Notes that a request that waited was taken up. */
  void started(long nowNanos) {
    startNanos.add(nowNanos);
    if (startNanos.size() > MOST + 1) {
      startNanos.remove();
    }
  }

  /** Forgets all: nobody waits, so that the time until the next start says nothing. */
  void clear() {
    startNanos.clear();
  }

  /** How many seconds the next {@code starts} take, rounded up; null when nothing is known yet. */
  @Nullable
  Long secondsFor(int starts, long nowNanos) {
    if (startNanos.size() < 2) {
      return null;
    }
    double each = (double) (nowNanos - startNanos.element()) / (startNanos.size() - 1);
    return (long) Math.ceil(starts * each / TimeUnit.SECONDS.toNanos(1));
  }
}
