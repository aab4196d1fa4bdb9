package io.sirocco.embedded;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Says from time to time how far a model's loading is, and how long the rest will take at the pace
 * so far.
 *
 * <p>Confined to the thread that loads.
 */
final class LoadPace {
  private static final double BYTES_PER_GB = 1e9;
  private static final double NANOS_PER_SECOND = 1e9;

  private final LongSupplier nanoTime;
  private final Duration first;
  private final Duration between;

  private boolean started;
  private long startNanos;
  private long startBytes;
  private long dueNanos;

  /**
   * @param nanoTime a clock like {@link System#nanoTime}
   * @param first how long it says nothing, for loading may be over soon
   * @param between how long it says nothing after it has said something
   */
  LoadPace(LongSupplier nanoTime, Duration first, Duration between) {
    this.nanoTime = nanoTime;
    this.first = first;
    this.between = between;
  }

  /** What to say now that {@code loadedBytes} of {@code totalBytes} are ready; often nothing. */
  Optional<String> next(long loadedBytes, long totalBytes) {
    long now = nanoTime.getAsLong();
    if (!started) {
      // What came before the first bytes, such as starting the library, says nothing about the
      // rest.
      started = true;
      startNanos = now;
      startBytes = loadedBytes;
      dueNanos = now + first.toNanos();
    }
    if (now - dueNanos < 0 || loadedBytes == startBytes || loadedBytes == totalBytes) {
      return Optional.empty();
    }
    dueNanos = now + between.toNanos();
    double nanosPerByte = (now - startNanos) / (double) (loadedBytes - startBytes);
    return Optional.of(String.format(
        Locale.ROOT,
        "%.1f of %.1f GB, about %.0f s left",
        loadedBytes / BYTES_PER_GB,
        totalBytes / BYTES_PER_GB,
        (totalBytes - loadedBytes) * nanosPerByte / NANOS_PER_SECOND));
  }
}
