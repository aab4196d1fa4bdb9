package io.sirocco.gateway.http;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Looks now and then whether requests can be answered, so that to ask costs nothing.
 *
 * <p>Thread-safe.
 */
final class Readiness implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final BooleanSupplier look;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "gateway-readiness");
        thread.setDaemon(true);
        return thread;
      });
  private volatile boolean ready;

  Readiness(BooleanSupplier look) {
    this.look = look;
  }

  void start() {
    var unused = clock.scheduleWithFixedDelay(
        () -> ready = look.getAsBoolean(), 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  boolean isReady() {
    return ready;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
