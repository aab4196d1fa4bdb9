package io.sirocco.client;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reader of an answer that is told of each part, at the pace it asks for.
 *
 * <p>Follows the rules of <a
 * href="https://github.com/reactive-streams/reactive-streams-jvm#specification">Reactive
 * Streams</a>; the numbers in comments are theirs.
 *
 * <p>Thread-safe. Signals run on the executor, one at a time.
 */
final class ReplySubscription<T> implements Flow.Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(ReplySubscription.class);

  private final ReplyLog log;
  private final Function<ReplyLog.Entry, @Nullable T> part;
  private final Executor executor;
  private final Runnable watcher = this::signal;
  private final AtomicLong demand = new AtomicLong();

  // Greater than 0 while a drain runs or is about to. It starts at 1, so that none begins before
  // onSubscribe has returned (1.3).
  private final AtomicInteger signals = new AtomicInteger(1);

  private volatile Flow.@Nullable Subscriber<? super T> subscriber;
  private volatile @Nullable IllegalArgumentException badRequest;

  // Of the drain only.
  private int position;

  ReplySubscription(
      ReplyLog log,
      Function<ReplyLog.Entry, @Nullable T> part,
      Executor executor,
      Flow.Subscriber<? super T> subscriber) {
    this.log = log;
    this.part = part;
    this.executor = executor;
    this.subscriber = subscriber;
  }

  /** Introduces the subscription to its subscriber and begins to deliver. */
  void start() {
    Flow.Subscriber<? super T> target = subscriber;
    if (target == null) {
      return;
    }
    log.watch(watcher);
    try {
      target.onSubscribe(this);
    } catch (RuntimeException e) {
      drop(e);
    }
    executor.execute(this::drain);
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      // 3.9
      badRequest = new IllegalArgumentException("expected a demand above 0, found " + count);
    } else {
      demand.accumulateAndGet(count, ReplySubscription::saturatedSum);
    }
    signal();
  }

  private static long saturatedSum(long left, long right) {
    long sum = left + right;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  @Override
  public void cancel() {
    // 3.13: the subscriber is forgotten.
    subscriber = null;
    log.unwatch(watcher);
  }

  private void signal() {
    if (signals.getAndIncrement() == 0) {
      executor.execute(this::drain);
    }
  }

  private void drain() {
    int handled = signals.get();
    while (handled != 0) {
      try {
        deliver();
      } catch (RuntimeException e) {
        drop(e);
      }
      handled = signals.addAndGet(-handled);
    }
  }

  /** 2.13: a subscriber must not throw; one that does is treated as if it had cancelled. */
  private void drop(RuntimeException fault) {
    cancel();
    LOG.warn("A subscriber threw, which cancels its subscription", fault);
  }

  private void deliver() {
    for (Flow.Subscriber<? super T> target = subscriber; target != null; target = subscriber) {
      if (badRequest != null) {
        cancel();
        target.onError(badRequest);
        return;
      }
      boolean ended = log.isEnded();
      ReplyLog.Entry entry = log.at(position);
      if (entry == null) {
        if (ended) {
          cancel();
          end(target);
        }
        return;
      }
      T item = part.apply(entry);
      if (item != null && !takeDemand()) {
        return;
      }
      position++;
      if (item != null) {
        target.onNext(item);
      }
    }
  }

  private boolean takeDemand() {
    // Long.MAX_VALUE means without bound (3.17).
    return demand.getAndUpdate(left -> left == 0 || left == Long.MAX_VALUE ? left : left - 1) > 0;
  }

  private void end(Flow.Subscriber<? super T> target) {
    SiroccoException failure = log.failure();
    if (failure == null) {
      target.onComplete();
    } else {
      target.onError(failure);
    }
  }
}
