package io.sirocco.worker.control;

import io.sirocco.contracts.request.RequestKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests that are cancelled, whether they are here yet or not: as many as are remembered, and
 * first those that were heard of since somebody asked last.
 *
 * <p>Thread-safe; {@link #news} is for one reader.
 */
public final class Cancellations {
  /** At about 200 bytes each, so many are worth remembering for a worker that takes over. */
  public static final int MOST = 100_000;

  private final int most;
  private final Lock lock = new ReentrantLock();
  private final Set<RequestKey> known = new LinkedHashSet<>();
  private final Set<RequestKey> news = new LinkedHashSet<>();

  /** Knows of none, and will remember the latest {@value #MOST}. */
  public Cancellations() {
    this(MOST);
  }

  Cancellations(int most) {
    this.most = most;
  }

  /** Remembers that the requests of {@code key} are cancelled; of too many the oldest is forgotten. */
  public void add(RequestKey key) {
    locked(() -> {
      addLatest(known, key);
      addLatest(news, key);
    });
  }

  private void addLatest(Set<RequestKey> keys, RequestKey key) {
    keys.remove(key);
    keys.add(key);
    if (keys.size() > most) {
      Iterator<RequestKey> oldest = keys.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** Forgets {@code key}: a request that was not ended yet goes on. */
  public void remove(RequestKey key) {
    locked(() -> {
      known.remove(key);
      news.remove(key);
    });
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
      return known.contains(new RequestKey(user, requestId))
          || known.contains(RequestKey.ofAnyUser(requestId));
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
