package io.sirocco.embedded;

import io.sirocco.worker.model.torch.LoadProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * Shows on a terminal how far the loading of a model is, once it takes long enough to wonder.
 *
 * <p>Confined to the thread that loads.
 */
final class LoadBar implements LoadProgress {
  private static final long QUIET_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long BETWEEN_NANOS = Duration.ofSeconds(1).toNanos();

  private final PrintWriter out;
  private long startNanos;
  private long startBytes;
  private long shownNanos;

  LoadBar(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void loaded(long loadedBytes, long totalBytes) {
    long now = System.nanoTime();
    if (startNanos == 0) {
      // What came before the first byte, such as starting the library, says nothing about the rest.
      startNanos = now;
      startBytes = loadedBytes;
      shownNanos = now + QUIET_NANOS - BETWEEN_NANOS;
    } else if (now - shownNanos >= BETWEEN_NANOS && loadedBytes < totalBytes) {
      shownNanos = now;
      double bytesPerNano = (loadedBytes - startBytes) / (double) (now - startNanos);
      out.printf(
          Locale.ROOT,
          "loading model: %.1f of %.1f GB, about %.0f s left%n",
          loadedBytes / 1e9,
          totalBytes / 1e9,
          (totalBytes - loadedBytes) / bytesPerNano / 1e9);
      out.flush();
    }
  }
}
