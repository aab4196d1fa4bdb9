package io.sirocco.worker.engine.api;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The only door into the engine: bounded, so that whoever submits learns when there is enough work,
 * and fair, so that many requests of one user or one queue do not keep out those of another. Whoever
 * submits sees here, too, whether the engine still works.
 *
 * <p>Thread-safe. {@link #drainTo}, {@link #takeBefore}, {@link #generated}, {@link
 * #drainCancelledTo}, {@link #awaitWork}, {@link #stepEnded} and {@link #engineDied} are for the
 * engine thread alone.
 */
public final class EngineInbox {
  private final int capacity;
  private final Lock lock = new ReentrantLock();
  private final WaitingRequests waiting = new WaitingRequests();
  private final Queue<GenerationRequest> cancelled = new ConcurrentLinkedQueue<>();
  private final Semaphore work = new Semaphore(0);
  private final AtomicLong steps = new AtomicLong();
  private volatile boolean engineDead;

  /** Makes an inbox that holds at most {@code capacity} requests of each line. */
  public EngineInbox(int capacity) {
    this.capacity = capacity;
  }

  /** Submits a request; false when there are enough of its line and nothing was done. */
  public boolean offer(GenerationRequest request) {
    return offer(List.of(request));
  }

  /**
   * Submits the choices of one request, all or none; false when there is no room for all of them in
   * their line and nothing was done. More than a line holds are taken into an empty one.
   *
   * @param choices at least one, all of one line
   */
  public boolean offer(List<GenerationRequest> choices) {
    WaitingLine line = choices.get(0).line();
    lock.lock();
    try {
      int before = waiting.sizeOf(line);
      if (before > 0 && before + choices.size() > capacity) {
        return false;
      }
      choices.forEach(waiting::add);
    } finally {
      lock.unlock();
    }
    work.release();
    return true;
  }

  /**
   * Cancels a request that was submitted. It leaves at the next step; a result that is on its way may
   * still be heard before.
   *
   * @return whether it still waited here, so that the engine never had it
   */
  public boolean cancel(GenerationRequest request) {
    if (remove(request)) {
      return true;
    }
    cancelled.add(request);
    work.release();
    return false;
  }

  private boolean remove(GenerationRequest request) {
    lock.lock();
    try {
      return waiting.remove(request);
    } finally {
      lock.unlock();
    }
  }

  /** How many requests wait to be taken in by the engine. */
  public int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Takes at most {@code count} requests out: the most urgent first, users in fair shares. */
  public void drainTo(List<GenerationRequest> target, int count) {
    lock.lock();
    try {
      for (int taken = 0; taken < count && waiting.size() > 0; taken++) {
        target.add(waiting.take());
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes out the next request of a user who is none of {@code served}, if it is not less urgent than
   * {@code running}; null if there is none.
   */
  public @Nullable GenerationRequest takeBefore(GenerationRequest running, Set<String> served) {
    lock.lock();
    try {
      return waiting.takeBefore(running.line(), served);
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a token was generated for {@code request}, which its user is charged with. */
  public void generated(GenerationRequest request) {
    lock.lock();
    try {
      waiting.generated(request);
    } finally {
      lock.unlock();
    }
  }

  /** Takes all cancellations out. */
  public void drainCancelledTo(List<GenerationRequest> target) {
    GenerationRequest request;
    while ((request = cancelled.poll()) != null) {
      target.add(request);
    }
  }

  /** Notes that the engine has ended a step. */
  public void stepEnded() {
    steps.incrementAndGet();
  }

  /** How many steps the engine has ended. */
  public long steps() {
    return steps.get();
  }

  /** Notes that the engine ended by a fault: nothing that it had taken out is gone on with. */
  public void engineDied() {
    engineDead = true;
  }

  /** Whether the engine ended by a fault. */
  public boolean isEngineDead() {
    return engineDead;
  }

  /** Waits until something was submitted or cancelled, at most that long. */
  public void awaitWork(long timeout, TimeUnit unit) throws InterruptedException {
    if (work.tryAcquire(timeout, unit)) {
      work.drainPermits();
    }
  }
}
