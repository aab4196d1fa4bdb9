package io.sirocco.worker.engine.api;

/**
 * Why a generation ended.
 *
 * <p>Immutable.
 */
public enum GenerationEnd {
  /** An end token was generated. */
  END_TOKEN,
  /** The listener said that its text ends the answer. */
  LISTENER,
  /** The most tokens asked for were generated. */
  LENGTH
}
