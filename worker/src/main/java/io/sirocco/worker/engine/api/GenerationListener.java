package io.sirocco.worker.engine.api;

import io.sirocco.worker.sampling.SampledToken;

/**
 * Hears what becomes of one request: {@link #admitted}, any number of {@link #generated}, then one of
 * {@link #finished} and {@link #failed}. After a cancellation nothing more is heard.
 *
 * <p>Called on the engine thread, which must not be held up: no input or output, no waiting.
 */
public interface GenerationListener {
  /**
   * The request has its place in the cache; its prompt is computed from now on.
   *
   * @param cachedTokens how many of the prompt's tokens need not be computed, as they were before
   */
  void admitted(int cachedTokens);

  /**
   * A token was generated.
   *
   * @return whether to go on; false when the text that the token completes ends the answer
   */
  boolean generated(SampledToken token);

  /** The answer is complete. */
  void finished(GenerationEnd end);

  /**
   * The engine could not go on.
   *
   * @param message what failed, fit for the sender of the request
   */
  void failed(String message);
}
