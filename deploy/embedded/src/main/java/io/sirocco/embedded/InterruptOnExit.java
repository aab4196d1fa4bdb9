package io.sirocco.embedded;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts a thread when the process is told to end, such as by Ctrl-C, and holds the end up until
 * that thread is done: a process that ends amid a call of native code may crash.
 *
 * <p>Confined to the thread that made it.
 */
final class InterruptOnExit {
  private static final long PATIENCE_SECONDS = 30;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  private InterruptOnExit(Thread interrupted) {
    hook = new Thread(() -> end(interrupted), "shutdown");
  }

  /** Interrupts the caller's thread, until {@link #close}. */
  static InterruptOnExit ofThisThread() {
    InterruptOnExit end = new InterruptOnExit(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(end.hook);
    return end;
  }

  private void end(Thread interrupted) {
    interrupted.interrupt();
    try {
      done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that the thread is done. */
  void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and waits for us no more.
    }
  }
}
