package io.sirocco.worker.model.torch;

/**
 * Hears how far loading is. Called on the thread that loads.
 *
 * <p>Implementations need not be thread-safe.
 */
@FunctionalInterface
public interface LoadProgress {
  /** Of {@code totalBytes} of weights, {@code loadedBytes} are ready. */
  void loaded(long loadedBytes, long totalBytes);

  /** Returns what tells {@code other}, too. */
  default LoadProgress and(LoadProgress other) {
    return (loadedBytes, totalBytes) -> {
      loaded(loadedBytes, totalBytes);
      other.loaded(loadedBytes, totalBytes);
    };
  }
}
