package io.sirocco.worker.engine;

/**
 * Where a sequence is on its way through the engine.
 *
 * <p>Immutable.
 */
enum SequenceState {
  /** No place in the cache yet. */
  WAITING,
  /** Part of the prompt is still to be computed. */
  PREFILL,
  /** Every step generates a token. */
  DECODE,
  /** Left the engine. */
  FINISHED
}
