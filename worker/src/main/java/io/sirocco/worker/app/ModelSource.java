package io.sirocco.worker.app;

import io.sirocco.worker.model.ModelLoadException;

/** Where a worker's model comes from. */
@FunctionalInterface
public interface ModelSource {
  /**
   * Loads the model, which takes a while.
   *
   * @throws ModelLoadException when it cannot be served
   */
  ServedModel load() throws ModelLoadException;
}
