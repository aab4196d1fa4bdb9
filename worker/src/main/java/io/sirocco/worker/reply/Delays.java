package io.sirocco.worker.reply;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Waits without holding a thread up.
 *
 * <p>Implementations are thread-safe. The stages complete on any thread.
 */
@FunctionalInterface
public interface Delays {
  /** By the clock of the machine. */
  Delays REAL = time -> CompletableFuture.runAsync(
      () -> {}, CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS));

  /** Completes after that time. */
  CompletionStage<Void> delay(Duration time);
}
