package io.sirocco.embedded;

import io.sirocco.worker.model.torch.LoadProgress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how far the loading of a model is, every few seconds, and gives up when the loading thread is
 * interrupted.
 *
 * <p>Confined to the thread that loads.
 */
final class LoadLog implements LoadProgress {
  private static final Logger log = LoggerFactory.getLogger(LoadLog.class);
  private static final long BETWEEN_NANOS = Duration.ofSeconds(5).toNanos();

  private final String model;
  private long shownNanos = System.nanoTime();

  LoadLog(String model) {
    this.model = model;
  }

  @Override
  public void loaded(long loadedBytes, long totalBytes) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("the loading of model " + model + " was given up");
    }
    if (System.nanoTime() - shownNanos < BETWEEN_NANOS) {
      return;
    }
    shownNanos = System.nanoTime();
    log.info(
        "loading model={} done={}",
        model,
        String.format(Locale.ROOT, "%.1f of %.1f GB", loadedBytes / 1e9, totalBytes / 1e9));
  }
}
