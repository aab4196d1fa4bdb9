package io.sirocco.embedded;

import io.sirocco.worker.model.torch.LoadProgress;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
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
  private static final Duration BETWEEN = Duration.ofSeconds(5);

  private final String model;
  private final LoadPace pace;

  LoadLog(String model, LongSupplier nanoTime) {
    this.model = model;
    pace = new LoadPace(nanoTime, BETWEEN, BETWEEN);
  }

  @Override
  public void loaded(long loadedBytes, long totalBytes) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("the loading of model " + model + " was given up");
    }
    pace.next(loadedBytes, totalBytes)
        .ifPresent(text -> log.info("loading model={} done={}", model, text));
  }
}
