package io.sirocco.worker.model;

/**
 * A decoder-only language model with a key-value cache of fixed slots.
 *
 * <p>Confined to the engine thread, {@link #close} included.
 */
public interface CausalModel extends AutoCloseable {
  /** The model's sizes. */
  ModelShape shape();

  /**
   * Computes one step for several sequences at once: appends the keys and values of all spans to the
   * cache, and returns the logits that the spans ask for.
   *
   * @return one row for each position asked for, in the order of the spans
   * @throws ModelStepException when the step failed; the cache of the spans' slots is then undefined,
   *     the others' is as before, and the model can be used again
   */
  LogitsBatch forward(ForwardInput input) throws ModelStepException;

  /** Frees the weights and the cache. */
  @Override
  void close();
}
