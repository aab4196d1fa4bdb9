package io.sirocco.worker.intake;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Holds the calling thread up until something is done on other threads; a simulation has them go on
 * meanwhile.
 */
@FunctionalInterface
public interface Patience {
  /** Blocks the thread. */
  Patience BLOCKING = (done, most) -> {
    try {
      done.get(most.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  };

  /**
   * Waits for {@code done}, {@code most} at the longest; returns whether it was done by then.
   *
   * @throws ExecutionException when it failed
   */
  boolean await(CompletableFuture<Void> done, Duration most)
      throws ExecutionException, InterruptedException;
}
