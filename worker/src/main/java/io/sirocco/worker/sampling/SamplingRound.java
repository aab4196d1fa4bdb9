package io.sirocco.worker.sampling;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one batch, which threads take one after the other.
 *
 * <p>A thread that comes when all are taken touches nothing, so that nobody waits for it.
 *
 * <p>Thread-safe.
 */
final class SamplingRound {
  private static final int SPINS = 20_000;

  private final float[] logits;
  private final List<BatchSampler.Row> rows;
  private final AtomicReferenceArray<SamplingOutcome> outcomes;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger unfinished;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final CompletableFuture<List<SamplingOutcome>> finished = new CompletableFuture<>();

  /** Makes a round of one or more rows. */
  SamplingRound(float[] logits, List<BatchSampler.Row> rows) {
    this.logits = logits;
    this.rows = rows;
    this.outcomes = new AtomicReferenceArray<>(rows.size());
    this.unfinished = new AtomicInteger(rows.size());
  }

  /** Samples rows until all are taken. */
  void run(SamplingScratch scratch) {
    for (int i = taken.getAndIncrement(); i < rows.size(); i = taken.getAndIncrement()) {
      BatchSampler.Row row = rows.get(i);
      try {
        outcomes.set(i, row.sampler().sample(logits, row.offset(), scratch));
      } catch (RuntimeException | Error e) {
        failure.set(e);
      }
      if (unfinished.decrementAndGet() == 0) {
        finish();
      }
    }
  }

  private void finish() {
    Throwable fault = failure.get();
    if (fault == null) {
      finished.complete(IntStream.range(0, rows.size()).mapToObj(outcomes::get).toList());
    } else {
      finished.completeExceptionally(fault);
    }
  }

  /**
   * Waits until all rows are sampled, and returns their outcomes.
   *
   * @throws java.util.concurrent.CompletionException when one could not be
   */
  List<SamplingOutcome> await() {
    // Others have one row each at most, for which falling asleep and waking up takes too long.
    for (int i = 0; i < SPINS && !finished.isDone(); i++) {
      Thread.onSpinWait();
    }
    return finished.join();
  }
}
