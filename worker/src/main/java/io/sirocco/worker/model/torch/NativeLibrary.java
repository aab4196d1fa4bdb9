package io.sirocco.worker.model.torch;

import ai.djl.pytorch.engine.PtNDManager;
import io.sirocco.worker.model.ModelLoadException;

/**
 * The native library that computes, without a model.
 *
 * <p>Immutable.
 *
 * @param version of libtorch
 */
public record NativeLibrary(String version) {

  /**
   * Loads it, and unpacks it first where it was not yet.
   *
   * @throws ModelLoadException when this machine has none that can be loaded
   */
  public static NativeLibrary load() throws ModelLoadException {
    try (PtNDManager manager = TorchRuntime.open(1)) {
      return new NativeLibrary(manager.getEngine().getVersion());
    } catch (RuntimeException | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ModelLoadException(
          "expected the native library to load, found: " + cause.getMessage(), e);
    }
  }
}
