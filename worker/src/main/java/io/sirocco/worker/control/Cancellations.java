package io.sirocco.worker.control;

import io.sirocco.contracts.request.RequestKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are cancelled, whether they are here yet or not: as many as are remembered, for as
 * long as the topic keeps a command, and first those that were heard of since somebody asked last.
 *
 * <p>Thread-safe; {@link #news} is for one reader.
 */
public final class Cancellations {
  /** At about 200 bytes each, so many are worth remembering for a worker that takes over. */
  public static final int MOST = 100_000;

  private final int most;
  private final Duration age;
  private final InstantSource clock;
  private final Lock lock = new ReentrantLock();

  /** Each with the time of its command, in the order in which they were heard of. */
  private final Map<RequestKey, Long> known = new LinkedHashMap<>();

  private final Set<RequestKey> news = new LinkedHashSet<>();

  /** Knows of none, and will remember the latest {@value #MOST}; {@code clock} tells how old they are. */
  public Cancellations(InstantSource clock) {
    this(MOST, ControlTopic.RETENTION, clock);
  }

  /** @param age how old a command may be that counts */
  Cancellations(int most, Duration age, InstantSource clock) {
    this.most = most;
    this.age = age;
    this.clock = clock;
  }

  /**
   * Remembers that the requests of {@code key} are cancelled; of too many the oldest is forgotten. A
   * command that is too old is none.
   *
   * @param commandMillis when that was said; a time that is yet to come, or none, counts as now
   */
  public void add(RequestKey key, long commandMillis) {
    locked(() -> {
      long now = clock.millis();
      long said = commandMillis < 0 ? now : Math.min(commandMillis, now);
      forget(key);
      if (counts(said)) {
        known.put(key, said);
        news.add(key);
      }
      Iterator<Map.Entry<RequestKey, Long>> oldest = known.entrySet().iterator();
      while (oldest.hasNext()) {
        Map.Entry<RequestKey, Long> next = oldest.next();
        if (known.size() <= most && counts(next.getValue())) {
          break;
        }
        oldest.remove();
        news.remove(next.getKey());
      }
    });
  }

  private boolean counts(@Nullable Long said) {
    return said != null && clock.millis() - said < age.toMillis();
  }

  private void forget(RequestKey key) {
    known.remove(key);
    news.remove(key);
  }

  /** Forgets {@code key}: a request that was not ended yet goes on. */
  public void remove(RequestKey key) {
    locked(() -> forget(key));
  }

  /** Forgets all. */
  public void clear() {
    locked(() -> {
      known.clear();
      news.clear();
    });
  }

  /** Whether the request that {@code user} wrote under {@code requestId} is cancelled. */
  public boolean include(String user, String requestId) {
    lock.lock();
    try {
      return counts(known.get(new RequestKey(user, requestId)))
          || counts(known.get(RequestKey.ofAnyUser(requestId)));
    } finally {
      lock.unlock();
    }
  }

  /** Returns what was added since the last call, in its order. */
  public List<RequestKey> news() {
    List<RequestKey> added = new ArrayList<>();
    locked(() -> {
      added.addAll(news);
      news.clear();
    });
    return added;
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }
}
