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
import org.apache.kafka.common.TopicPartition;

/**
 * The places of the answers that were asked for last: beyond so many, the one that was written first is
 * forgotten.
 *
 * <p>Thread-safe.
 */
final class KnownStreams {
  /** Where readers look for an answer: with another one there they would take it for that. */
  private record Spot(String requestId, TopicPartition log) {
    static Spot of(RequestKey key, StreamLocation location) {
      return new Spot(
          key.requestId(), new TopicPartition(location.replyTopic(), location.replyPartition()));
    }
  }

  private final Lock lock = new ReentrantLock();
  private final Map<RequestKey, StreamLocation> places;

  /** The keys of {@link #places} by spot; hardly any spot has two. */
  private final Map<Spot, List<RequestKey>> keys = new HashMap<>();

  /** Keeps at most {@code most}. */
  KnownStreams(int most) {
    places = new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<RequestKey, StreamLocation> eldest) {
        boolean over = size() > most;
        if (over) {
          forget(eldest.getKey(), eldest.getValue());
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

  /** Returns the places of all users' answers under an id on one partition. */
  List<StreamLocation> under(String requestId, TopicPartition log) {
    lock.lock();
    try {
      return keys.getOrDefault(new Spot(requestId, log), List.of()).stream()
          .flatMap(key -> Stream.ofNullable(places.get(key)))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  void put(RequestKey key, StreamLocation location) {
    lock.lock();
    try {
      forget(key); // Or it would keep its old rank.
      keys.merge(Spot.of(key, location), List.of(key), KnownStreams::joined);
      places.put(key, location);
    } finally {
      lock.unlock();
    }
  }

  void remove(RequestKey key) {
    lock.lock();
    try {
      forget(key);
    } finally {
      lock.unlock();
    }
  }

  private void forget(RequestKey key) {
    StreamLocation location = places.remove(key);
    if (location != null) {
      forget(key, location);
    }
  }

  private void forget(RequestKey key, StreamLocation location) {
    keys.computeIfPresent(Spot.of(key, location), (spot, all) -> {
      List<RequestKey> left = all.stream().filter(each -> !each.equals(key)).toList();
      return left.isEmpty() ? null : left;
    });
  }

  private static List<RequestKey> joined(List<RequestKey> some, List<RequestKey> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
