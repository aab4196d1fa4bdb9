package io.sirocco.worker.streams;

import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places of the answers that were asked for last: beyond so many, the one that was written first is
 * forgotten.
 *
 * <p>Thread-safe.
 */
final class KnownStreams {
  private final Lock lock = new ReentrantLock();
  private final Map<RequestKey, StreamLocation> places;

  /** Keeps at most {@code most}. */
  KnownStreams(int most) {
    places = new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<RequestKey, StreamLocation> eldest) {
        return size() > most;
      }
    };
  }

  Optional<StreamLocation> find(RequestKey key) {
    lock.lock();
    try {
      return Optional.ofNullable(places.get(key));
    } finally {
      lock.unlock();
    }
  }

  void put(RequestKey key, StreamLocation location) {
    lock.lock();
    try {
      places.remove(key); // Or it would keep its old rank.
      places.put(key, location);
    } finally {
      lock.unlock();
    }
  }

  void remove(RequestKey key) {
    lock.lock();
    try {
      places.remove(key);
    } finally {
      lock.unlock();
    }
  }
}
