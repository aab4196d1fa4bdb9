package io.sirocco.embedded;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Ends the process in the middle of one of its closes, between the offsets and their commit, as a power
 * failure might: the fault point of {@code sirocco chaos}.
 *
 * <p>Thread-safe.
 */
final class HaltAtClose implements Runnable {
  /** That of a process that was killed. */
  static final int EXIT_CODE = 137;

  private final int close;
  private final IntConsumer halt;
  private final AtomicInteger closes = new AtomicInteger();

  /**
   * @param close which one, counted from 1; 0: none
   * @param halt ends the process at once, with that exit code
   */
  HaltAtClose(int close, IntConsumer halt) {
    this.close = close;
    this.halt = halt;
  }

  @Override
  public void run() {
    if (closes.incrementAndGet() == close) {
      halt.accept(EXIT_CODE);
    }
  }
}
