package io.sirocco.client;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.reply.WaitEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The records of one answer that have arrived, and how it ended: appended to by one thread, read by
 * any number, each at its own place.
 *
 * <p>The writer never waits for a reader. Once the log has ended it does not change.
 *
 * <p>Thread-safe.
 */
final class ReplyLog {
  /**
   * One record of the answer, or news of it.
   *
   * @param place its sequence; of a start the sequence of what follows it
   * @param reply the record; null when it is no part of the answer
   * @param chunk the piece of the answer that it carries; null when it carries none
   * @param estimate how long its readers wait; null when it does not say
   */
  record Entry(
      long place,
      @Nullable RawReply reply,
      @Nullable ChatChunk chunk,
      @Nullable WaitEstimate estimate) {
    /** A record of the answer. */
    static Entry of(long place, RawReply reply, @Nullable ChatChunk chunk) {
      return new Entry(place, reply, chunk, null);
    }

    /** News for those who wait for the answer. */
    static Entry of(long place, WaitEstimate estimate) {
      return new Entry(place, null, null, estimate);
    }
  }

  // A lock and not a monitor: waiting in a monitor pins the carrier of a virtual thread.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Entry> entries = new ArrayList<>();
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private boolean ended;
  private @Nullable SiroccoException failure;

  /** Appends {@code entry}, unless the log has ended. */
  void append(Entry entry) {
    change(() -> entries.add(entry));
  }

  /**
   * Ends the log, in good order when {@code failure} is null.
   *
   * @return whether it was this call that ended it
   */
  boolean end(@Nullable SiroccoException failure) {
    return change(() -> {
      this.ended = true;
      this.failure = failure;
    });
  }

  private boolean change(Runnable edit) {
    lock.lock();
    try {
      if (ended) {
        return false;
      }
      edit.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    watchers.forEach(Runnable::run);
    return true;
  }

  /** Returns the entry of that index, or null when it has not arrived. */
  @Nullable
  Entry at(int index) {
    lock.lock();
    try {
      return index < entries.size() ? entries.get(index) : null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether no entry will follow; a reader asks this before it looks for the next one. */
  boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Why the log ended, or null when it is open or ended in good order. */
  @Nullable
  SiroccoException failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the entry of that index has arrived or the log has ended.
   *
   * @param deadline when to stop waiting; null: never
   * @return whether it did
   */
  boolean await(int index, @Nullable Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!ended && index >= entries.size()) {
        if (deadline == null) {
          changed.await();
        } else if (!changed.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)
            && deadline.isPast()) {
          return ended || index < entries.size();
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Has {@code watcher} run after every change, on the thread that made it; it must be quick. */
  void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }
}
