package io.sirocco.worker.model;

import io.sirocco.worker.kvcache.Extent;

/**
 * A decoder-only language model with a key-value cache, in which its caller gives every sequence
 * its place.
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
   * @return one row for each position asked for, in the order of the spans; whole, unless its span
   *     says that less serves
   * @throws ModelStepException when the step failed; what the spans were to append is then undefined,
   *     all else in the cache is as before, and the model can be used again
   */
  LogitsBatch forward(ForwardInput input) throws ModelStepException;

  /**
   * Copies the keys and values of a sequence's first {@code tokens} tokens from one place to another,
   * so that the sequence can go on there, or another that begins alike.
   *
   * <p>If a sequence is longer than its place (it went round in it), the places must be of equal
   * capacity, and everything that is kept is copied.
   *
   * @throws ModelStepException when that failed; {@code to} is then undefined
   */
  void copy(Extent from, Extent to, int tokens) throws ModelStepException;

  /**
   * Overwrites all that is in a place, so that no later sequence reads it.
   *
   * @throws ModelStepException when that failed
   */
  void clear(Extent place) throws ModelStepException;

  /** Frees the weights and the cache. */
  @Override
  void close();
}
