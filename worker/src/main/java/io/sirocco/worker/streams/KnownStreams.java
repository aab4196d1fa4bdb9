package io.sirocco.worker.streams;

import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The places of the answers that were asked for last: beyond so many, the one that was written first is
 * forgotten.
 *
 * <p>Thread-safe.
 */
final class KnownStreams {
  private final Lock lock = new ReentrantLock();
  private final Map<RequestKey, StreamLocation> places;

  /** The keys of {@link #places} by request id; nearly all ids have one. */
  private final Map<String, List<RequestKey>> keys = new HashMap<>();

  /** Keeps at most {@code most}. */
  KnownStreams(int most) {
    places = new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<RequestKey, StreamLocation> eldest) {
        boolean over = size() > most;
        if (over) {
          forget(eldest.getKey());
        }
        return over;
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

  /** Returns the places of all users' answers under an id. */
  List<StreamLocation> under(String requestId) {
    lock.lock();
    try {
      return keys.getOrDefault(requestId, List.of()).stream()
          .flatMap(key -> Stream.ofNullable(places.get(key)))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  void put(RequestKey key, StreamLocation location) {
    lock.lock();
    try {
      if (places.remove(key) == null) { // Or it would keep its old rank.
        keys.merge(key.requestId(), List.of(key), KnownStreams::joined);
      }
      places.put(key, location);
    } finally {
      lock.unlock();
    }
  }

  void remove(RequestKey key) {
    lock.lock();
    try {
      if (places.remove(key) != null) {
        forget(key);
      }
    } finally {
      lock.unlock();
    }
  }

  private void forget(RequestKey key) {
    keys.computeIfPresent(key.requestId(), (id, all) -> {
      List<RequestKey> left = all.stream().filter(each -> !each.equals(key)).toList();
      return left.isEmpty() ? null : left;
    });
  }

  private static List<RequestKey> joined(List<RequestKey> some, List<RequestKey> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
