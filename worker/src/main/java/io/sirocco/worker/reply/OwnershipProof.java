package io.sirocco.worker.reply;

import java.util.concurrent.CompletionStage;

/**
 * Proves that a request's partition is still this worker's.
 *
 * <p>Implementations are thread-safe. The stages complete on any thread.
 */
@FunctionalInterface
public interface OwnershipProof {
  /**
   * Asks the brokers, not before this is called: true when the partition was still this assignment's,
   * false when the assignment is over. Exceptionally when they could not say.
   */
  CompletionStage<Boolean> prove();
}
