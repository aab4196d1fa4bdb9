package io.sirocco.worker.engine.api;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The only door into the engine: bounded, so that whoever submits learns when there is enough work,
 * and fair, so that many requests of one queue do not keep out those of another.
 *
 * <p>Thread-safe. {@link #drainTo}, {@link #drainCancelledTo} and {@link #awaitWork} are for the
 * engine thread alone.
 */
public final class EngineInbox {
  private final int capacity;
  private final Lock lock = new ReentrantLock();
  /** By queue, none of them empty; the one whose turn it is comes first. */
  private final Map<String, Queue<GenerationRequest>> submitted = new LinkedHashMap<>();

  private final Queue<GenerationRequest> cancelled = new ConcurrentLinkedQueue<>();
  private final Semaphore work = new Semaphore(0);

  /** Makes an inbox that holds at most {@code capacity} requests of each queue. */
  public EngineInbox(int capacity) {
    this.capacity = capacity;
  }

  /** Submits a request; false when there are enough of its queue and nothing was done. */
  public boolean offer(GenerationRequest request) {
    return offer(List.of(request));
  }

  /**
   * Submits the choices of one request, all or none; false when there is no room for all of them in
   * their queue and nothing was done. More than a queue holds are taken into an empty one.
   *
   * @param choices at least one, all of one queue
   */
  public boolean offer(List<GenerationRequest> choices) {
    String name = choices.get(0).queue();
    lock.lock();
    try {
      Queue<GenerationRequest> queue = submitted.get(name);
      if (queue != null && queue.size() + choices.size() > capacity) {
        return false;
      }
      submitted.computeIfAbsent(name, absent -> new ArrayDeque<>()).addAll(choices);
    } finally {
      lock.unlock();
    }
    work.release();
    return true;
  }

  /**
   * Cancels a request that was submitted. It leaves at the next step; a result that is on its way may
   * still be heard before.
   */
  public void cancel(GenerationRequest request) {
    if (!remove(request)) {
      cancelled.add(request);
      work.release();
    }
  }

  private boolean remove(GenerationRequest request) {
    lock.lock();
    try {
      Queue<GenerationRequest> queue = submitted.get(request.queue());
      if (queue == null || !queue.remove(request)) {
        return false;
      }
      if (queue.isEmpty()) {
        submitted.remove(request.queue());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How many requests wait to be taken in by the engine. */
  public int size() {
    lock.lock();
    try {
      return submitted.values().stream().mapToInt(Queue::size).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Takes at most {@code count} requests out: one of each queue in turn, first come first. */
  public void drainTo(List<GenerationRequest> target, int count) {
    lock.lock();
    try {
      for (int taken = 0; taken < count && !submitted.isEmpty(); taken++) {
        target.add(takeInTurn());
      }
    } finally {
      lock.unlock();
    }
  }

  private GenerationRequest takeInTurn() {
    Iterator<Queue<GenerationRequest>> queues = submitted.values().iterator();
    Queue<GenerationRequest> queue = queues.next();
    queues.remove();
    GenerationRequest request = queue.remove();
    if (!queue.isEmpty()) {
      submitted.put(request.queue(), queue); // Now it is the others' turn.
    }
    return request;
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
