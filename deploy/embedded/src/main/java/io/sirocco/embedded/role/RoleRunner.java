package io.sirocco.embedded.role;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a role until a signal comes or the role dies, and ends it: the first signal drains, a second
 * one ends the process at once.
 *
 * <p>Thread-safe; {@link #run} is for the main thread, and for one time.
 */
public final class RoleRunner {
  private static final Logger log = LoggerFactory.getLogger(RoleRunner.class);
  private static final int OVERDUE_CODE = 1;
  private static final Duration ABORT_LIMIT = Duration.ofSeconds(10);

  private final Signals signals;
  private final IntConsumer halt;
  private final CompletableFuture<RoleEnd> end = new CompletableFuture<>();
  private @Nullable Thread starter;

  /**
   * Makes a runner.
   *
   * @param halt ends the process at once with a code: {@code Runtime.getRuntime()::halt}
   */
  public RoleRunner(Signals signals, IntConsumer halt) {
    this.signals = signals;
    this.halt = halt;
  }

  /**
   * Runs {@code role} to its end.
   *
   * @return the exit code of the process
   * @throws Exception what the start failed with
   */
  public int run(Role role) throws Exception {
    setStarter(Thread.currentThread());
    signals.onStop(this::received);
    RunningRole running;
    try {
      running = role.start(fault -> end.complete(new RoleEnd.Died(fault)));
    } catch (Exception e) {
      if (end.isDone()) {
        log.info("{} stopped before it was ready", role.name());
        return end.join().exitCode();
      }
      throw e;
    } finally {
      setStarter(null);
    }
    return end(role, running, end.join());
  }

  private int end(Role role, RunningRole running, RoleEnd why) {
    if (why instanceof RoleEnd.Asked) {
      log.info("{} draining: takes nothing new, and finishes what is in progress", role.name());
      within(running.drainLimit(), running::drain, OVERDUE_CODE);
    } else {
      log.error("{} cannot go on; exit code {}", role.name(), why.exitCode());
      within(ABORT_LIMIT, running::abort, why.exitCode());
    }
    log.info("{} stopped", role.name());
    return why.exitCode();
  }

  private void within(Duration limit, Runnable ending, int overdueCode) {
    Thread alarm = new Thread(() -> endAfter(limit, overdueCode), "drain-limit");
    alarm.setDaemon(true);
    alarm.start();
    try {
      ending.run();
    } finally {
      alarm.interrupt();
    }
  }

  private void endAfter(Duration limit, int code) {
    try {
      Thread.sleep(limit.toMillis()); // Interrupted when it has ended.
      log.error("expected to end within {} s, found something that hangs", limit.toSeconds());
      halt.accept(code);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // It has ended.
    }
  }

  private synchronized void received(StopSignal signal) {
    if (!end.complete(new RoleEnd.Asked(signal))) {
      log.warn("ended at once by a second signal; what was in progress is left to others");
      halt.accept(signal.atOnceCode());
      return;
    }
    if (starter != null) {
      starter.interrupt();
    }
  }

  private synchronized void setStarter(@Nullable Thread thread) {
    starter = thread;
    if (thread == null && Thread.interrupted()) {
      log.debug("asked to stop just when ready");
    }
  }
}
