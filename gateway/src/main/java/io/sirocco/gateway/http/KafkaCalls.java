package io.sirocco.gateway.http;

import io.sirocco.gateway.refusal.Refusal;
import io.sirocco.gateway.refusal.RefusedException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Calls that may have to wait for brokers, and a thread with them: only so many at once, as all other
 * requests need threads too.
 *
 * <p>Thread-safe.
 */
final class KafkaCalls {
  private final Semaphore free;

  /** @param most how many may wait at once */
  KafkaCalls(int most) {
    this.free = new Semaphore(most);
  }

  /**
   * Returns what {@code call} returns.
   *
   * @throws RefusedException at once, when as many calls wait as may
   */
  <T> T make(Supplier<T> call) {
    if (!free.tryAcquire()) {
      throw new RefusedException(Refusal.overloaded("too many requests wait for Kafka"));
    }
    try {
      return call.get();
    } finally {
      free.release();
    }
  }
}
