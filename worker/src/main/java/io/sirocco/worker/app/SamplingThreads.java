package io.sirocco.worker.app;

import io.sirocco.worker.sampling.BatchSampler;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The threads that help the engine's with sampling: one less than there are in all, and none before
 * there is a batch for them.
 *
 * <p>Thread-safe.
 */
public final class SamplingThreads implements AutoCloseable {
  private final int threads;
  private final ExecutorService helpers;

  /**
   * Makes the threads, of which none is started yet.
   *
   * @param threads how many rows are sampled at once, at least 1; that of the engine is one of them
   */
  public SamplingThreads(int threads) {
    this.threads = threads;
    this.helpers =
        Executors.newFixedThreadPool(Math.max(1, threads - 1), task -> new Thread(task, "sampler"));
  }

  /** Makes the sampler of an engine. */
  public BatchSampler sampler(int vocabularySize) {
    return new BatchSampler(vocabularySize, threads, helpers);
  }

  /** Ends the threads; the engine has stopped. */
  @Override
  public void close() {
    helpers.shutdown();
  }
}
