package io.sirocco.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that keeps what it is told, and watches whether it is told one thing at a time.
 *
 * <p>Thread-safe.
 */
class RecordingSubscriber<T> implements Flow.Subscriber<T> {
  private final long firstDemand;
  private final List<T> items = new CopyOnWriteArrayList<>();
  private final List<String> ends = new CopyOnWriteArrayList<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable Throwable failure;

  RecordingSubscriber(long firstDemand) {
    this.firstDemand = firstDemand;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    alone(() -> {
      this.subscription = subscription;
      if (firstDemand > 0) {
        subscription.request(firstDemand);
      }
      // Long enough for a publisher that does not wait for this method to be caught.
      for (int turn = 0; turn < 1_000; turn++) {
        Thread.onSpinWait();
      }
    });
  }

  @Override
  public void onNext(T item) {
    alone(() -> {
      items.add(item);
      received(item);
    });
  }

  /** Called within onNext. */
  void received(T item) {}

  @Override
  public void onError(Throwable throwable) {
    alone(() -> {
      failure = throwable;
      ends.add("error");
    });
  }

  @Override
  public void onComplete() {
    alone(() -> ends.add("complete"));
  }

  private void alone(Runnable signal) {
    if (inside.incrementAndGet() != 1) {
      violations.add("two signals at a time");
    }
    if (!ends.isEmpty()) {
      violations.add("a signal after the end");
    }
    try {
      signal.run();
    } finally {
      inside.decrementAndGet();
    }
  }

  Flow.Subscription subscription() {
    Flow.Subscription known = subscription;
    if (known == null) {
      throw new AssertionError("expected onSubscribe to have been called");
    }
    return known;
  }

  List<T> items() {
    return new ArrayList<>(items);
  }

  List<String> ends() {
    return ends;
  }

  List<String> violations() {
    return violations;
  }

  @Nullable
  Throwable failure() {
    return failure;
  }
}
