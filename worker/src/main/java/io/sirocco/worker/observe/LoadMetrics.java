package io.sirocco.worker.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.sirocco.worker.model.torch.LoadProgress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How far the loading of one worker's model is. It begins when this is made.
 *
 * <p>Thread-safe.
 */
public final class LoadMetrics implements LoadProgress, AutoCloseable {
  private static final String LOADING = "sirocco.model.loading";
  private static final String PROGRESS = "sirocco.model.loading.progress.perc";
  private static final String SECONDS = "sirocco.model.load.seconds";

  /** What outlives the worker's other meters, and is there before them. */
  static final List<String> NAMES = List.of(LOADING, PROGRESS, SECONDS);

  private final LongSupplier nanoTime;
  private final long begunNanos;
  private volatile long tookNanos = -1;
  private volatile double progress;

  /**
   * Begins.
   *
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  public LoadMetrics(MeterRegistry registry, String model, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.begunNanos = nanoTime.getAsLong();
    Tags tags = EngineTags.next(registry, model, LOADING);
    Gauge.builder(LOADING, this, each -> each.tookNanos < 0 ? 1 : 0)
        .tags(tags)
        .description("1 while the model is loaded")
        .strongReference(true)
        .register(registry);
    Gauge.builder(PROGRESS, this, each -> each.progress)
        .tags(tags)
        .description("Share of the weights that are loaded")
        .strongReference(true)
        .register(registry);
    Gauge.builder(SECONDS, this, LoadMetrics::seconds)
        .tags(tags)
        .description("How long the load took, or has taken so far")
        .strongReference(true)
        .register(registry);
  }

  private double seconds() {
    long took = tookNanos;
    long nanos = took < 0 ? nanoTime.getAsLong() - begunNanos : took;
    return (double) nanos / TimeUnit.SECONDS.toNanos(1);
  }

  @Override
  public void loaded(long loadedBytes, long totalBytes) {
    progress = totalBytes == 0 ? 1 : (double) loadedBytes / totalBytes;
  }

  /** The load has ended. */
  @Override
  public void close() {
    tookNanos = nanoTime.getAsLong() - begunNanos;
  }
}
