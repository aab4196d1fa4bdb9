package io.sirocco.worker.intake;

import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the intake of one request topic until it is closed.
 *
 * <p>Thread-safe.
 */
public final class IntakeThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IntakeThread.class);
  /** Between polls, requests that are done are closed together. */
  private static final Duration POLL = Duration.ofMillis(20);

  private final IntakeLoop loop;
  private final Consumer<Throwable> onFatal;
  private final Thread thread = new Thread(this::run, "intake");
  private volatile Duration grace;
  private volatile boolean stopping;

  private IntakeThread(IntakeLoop loop, Duration grace, Consumer<Throwable> onFatal) {
    this.loop = loop;
    this.grace = grace;
    this.onFatal = onFatal;
  }

  /**
   * Starts the thread.
   *
   * @param grace how long requests in progress may take to end when the intake is closed
   * @param onFatal is told, on the intake thread, what the loop died of
   */
  public static IntakeThread start(IntakeLoop loop, Duration grace, Consumer<Throwable> onFatal) {
    IntakeThread intake = new IntakeThread(loop, grace, onFatal);
    intake.thread.start();
    return intake;
  }

  private void run() {
    try {
      while (!stopping) {
        loop.step(POLL);
      }
      loop.drain();
      long deadline = System.nanoTime() + grace.toNanos();
      while (loop.isFinishing() && System.nanoTime() < deadline) {
        loop.step(POLL);
      }
      if (loop.isFinishing()) {
        log.warn("requests are cut off: expected them to end within {} s", grace.toSeconds());
      }
    } catch (RuntimeException | Error e) {
      log.error("intake stopped by a fault it cannot survive", e);
      onFatal.accept(e);
    } finally {
      leave();
    }
  }

  /** Even after a fault: a member that nobody polls for would keep its partitions from others. */
  private void leave() {
    try {
      loop.close();
    } catch (RuntimeException e) {
      log.warn("the group was not left in good order", e);
    }
  }

  /** Takes no more requests, gives those in progress up, commits and leaves the group. */
  public void abort() {
    grace = Duration.ZERO;
    close();
  }

  /** Takes no more requests, waits for those in progress, commits and leaves the group. */
  @Override
  public void close() {
    stopping = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted =
            true; // The group is left in good order, or others wait for the session to end.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
