package io.sirocco.worker.engine.api;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The only door into the engine: bounded, so that whoever submits learns when there is enough work.
 *
 * <p>Thread-safe. {@link #drainTo}, {@link #drainCancelledTo} and {@link #awaitWork} are for the
 * engine thread alone.
 */
public final class EngineInbox {
  private final Queue<GenerationRequest> submitted;
  private final Queue<GenerationRequest> cancelled = new ConcurrentLinkedQueue<>();
  private final Semaphore work = new Semaphore(0);

  /** Makes an inbox that holds at most {@code capacity} requests. */
  public EngineInbox(int capacity) {
    submitted = new ArrayBlockingQueue<>(capacity);
  }

  /** Submits a request; false when the inbox is full and nothing was done. */
  public boolean offer(GenerationRequest request) {
    boolean accepted = submitted.offer(request);
    if (accepted) {
      work.release();
    }
    return accepted;
  }

  /**
   * Cancels a request that was submitted. It leaves at the next step; a result that is on its way may
   * still be heard before.
   */
  public void cancel(GenerationRequest request) {
    if (!submitted.remove(request)) {
      cancelled.add(request);
      work.release();
    }
  }

  /** How many requests wait to be taken in by the engine. */
  public int size() {
    return submitted.size();
  }

  /** Takes at most {@code count} requests out, first come first. */
  public void drainTo(List<GenerationRequest> target, int count) {
    GenerationRequest request;
    for (int taken = 0; taken < count && (request = submitted.poll()) != null; taken++) {
      target.add(request);
    }
  }

  /** Takes all cancellations out. */
  public void drainCancelledTo(List<GenerationRequest> target) {
    GenerationRequest request;
    while ((request = cancelled.poll()) != null) {
      target.add(request);
    }
  }

  /** Waits until something was submitted or cancelled, at most that long. */
  public void awaitWork(long timeout, TimeUnit unit) throws InterruptedException {
    if (work.tryAcquire(timeout, unit)) {
      work.drainPermits();
    }
  }
}
