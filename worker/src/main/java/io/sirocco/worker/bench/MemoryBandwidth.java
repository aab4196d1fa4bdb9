package io.sirocco.worker.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * How fast threads together read memory that no cache holds: each sums an array of its own, all at
 * once, and the slowest decides.
 *
 * <p>Stateless; thread-safe.
 *
 * <p>Source: McCalpin 1995, "Memory Bandwidth and Machine Balance in Current High Performance
 * Computers" (STREAM), of which this is the reading half.
 */
public final class MemoryBandwidth {
  private static final long MOST_BYTES = 1L << 30;
  private static final int REPETITIONS = 15;
  /** Until the loop is compiled. */
  private static final int UNCOUNTED = 5;

  private static final int UNROLLED = 8;

  private MemoryBandwidth() {}

  /**
   * Reads half of what the heap may become, at most 1 GiB, again and again.
   *
   * @param threads how many read at once
   * @param nanos the clock
   * @return bytes/s of all threads together
   */
  public static Spread measure(int threads, LongSupplier nanos) throws InterruptedException {
    long bytes = Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 2);
    int longs = (int) (bytes / threads / Long.BYTES / UNROLLED * UNROLLED);
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService readers = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<double[]>> reading = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        reading.add(() -> read(longs, together, nanos));
      }
      double[] seconds = new double[REPETITIONS];
      for (Future<double[]> one : readers.invokeAll(reading)) {
        double[] found = one.get();
        Arrays.setAll(seconds, i -> Math.max(seconds[i], found[i]));
      }
      double read = (double) longs * Long.BYTES * threads;
      return Spread.of(Arrays.stream(seconds).map(each -> read / each).toArray());
    } catch (ExecutionException e) {
      throw new IllegalStateException("expected to read memory", e.getCause());
    } finally {
      readers.shutdownNow();
    }
  }

  /** Returns the seconds of each counted repetition. */
  private static double[] read(int longs, CyclicBarrier together, LongSupplier nanos)
      throws InterruptedException, BrokenBarrierException {
    long[] own = new long[longs];
    Arrays.fill(own, 1); // Else all pages would be one and the same page of zeros.
    double[] seconds = new double[REPETITIONS];
    for (int i = -UNCOUNTED; i < REPETITIONS; i++) {
      together.await();
      long begin = nanos.getAsLong();
      long sum = sum(own);
      long taken = nanos.getAsLong() - begin;
      if (sum != longs) {
        throw new IllegalStateException("expected a sum of %d, found %d".formatted(longs, sum));
      }
      if (i >= 0) {
        seconds[i] = taken / 1e9;
      }
    }
    return seconds;
  }

  /** Eight sums, so that no addition waits for another, whatever the compiler makes of it. */
  private static long sum(long[] values) {
    long s0 = 0;
    long s1 = 0;
    long s2 = 0;
    long s3 = 0;
    long s4 = 0;
    long s5 = 0;
    long s6 = 0;
    long s7 = 0;
    for (int i = 0; i + UNROLLED - 1 < values.length; i += UNROLLED) {
      s0 += values[i];
      s1 += values[i + 1];
      s2 += values[i + 2];
      s3 += values[i + 3];
      s4 += values[i + 4];
      s5 += values[i + 5];
      s6 += values[i + 6];
      s7 += values[i + 7];
    }
    return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
  }
}
