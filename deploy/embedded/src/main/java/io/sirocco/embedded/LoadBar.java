package io.sirocco.embedded;

import io.sirocco.worker.model.torch.LoadProgress;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Shows on a terminal how far the loading of a model is, once it takes long enough to wonder.
 *
 * <p>Confined to the thread that loads.
 */
final class LoadBar implements LoadProgress {
  private static final long QUIET_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long BETWEEN_NANOS = Duration.ofSeconds(1).toNanos();

  private final PrintWriter out;
  private final long startNanos = System.nanoTime();
  private long shownNanos = startNanos + QUIET_NANOS - BETWEEN_NANOS;

  LoadBar(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void loaded(long loadedBytes, long totalBytes) {
    long now = System.nanoTime();
    if (now - shownNanos < BETWEEN_NANOS || loadedBytes == 0) {
      return;
    }
    shownNanos = now;
    double seconds = (now - startNanos) / 1e9;
    out.printf(
        "loading model: %.1f of %.1f GB, about %.0f s left%n",
        loadedBytes / 1e9, totalBytes / 1e9, seconds * (totalBytes - loadedBytes) / loadedBytes);
    out.flush();
  }
}
