package io.sirocco.client;

import java.util.concurrent.TimeoutException;

/**
 * Gives each request a place for its answer, and clears it away afterwards.
 *
 * <p>Implementations are thread-safe.
 */
interface ReplyTopics {
  /**
   * Returns a place that the hub already reads and that is the caller's until {@link #retire}.
   *
   * @throws TimeoutException when there is none in time; the message says why, if that is known
   */
  ReplyAddress lease() throws TimeoutException, InterruptedException;

  /** Learns that nobody reads the answer at a place any more. Never blocks. */
  void answered(ReplyAddress address);

  /**
   * Takes back a place whose answer nobody will write to after its request is closed. Never blocks.
   *
   * @param delivery what became of the request
   */
  void retire(ReplyAddress address, Delivery delivery);

  /** Clears away what may be cleared away, until {@code deadline}; places of open answers stay. */
  void close(Deadline deadline);
}
