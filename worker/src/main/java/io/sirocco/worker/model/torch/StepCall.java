package io.sirocco.worker.model.torch;

import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;

/**
 * How a step reaches the program, and its results come back.
 *
 * <p>Implementations are confined to the engine thread.
 */
@FunctionalInterface
interface StepCall {
  /**
   * Computes a step.
   *
   * @param scope of what the step needs and leaves
   * @throws IllegalArgumentException when a span does not fit into the cache
   * @throws ai.djl.engine.EngineException when an operation failed
   */
  LogitsBatch run(NativeScope scope, ForwardInput input);
}
