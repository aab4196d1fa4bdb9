package io.sirocco.embedded;

import io.sirocco.worker.model.torch.LoadProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows on a terminal how far the loading of a model is, once it takes long enough to wonder.
 *
 * <p>Confined to the thread that loads.
 */
final class LoadBar implements LoadProgress {
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final PrintWriter out;
  private final LoadPace pace;

  LoadBar(PrintWriter out, LongSupplier nanoTime) {
    this.out = out;
    pace = new LoadPace(nanoTime, FIRST, BETWEEN);
  }

  @Override
  public void loaded(long loadedBytes, long totalBytes) {
    pace.next(loadedBytes, totalBytes).ifPresent(text -> {
      out.println("loading model: " + text);
      out.flush();
    });
  }
}
