package io.sirocco.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;

/**
 * What the hub's consumer reads: anybody may ask for a change, and the hub applies it between two
 * polls.
 *
 * <p>{@link #add}, {@link #remove}, {@link #finish} and {@link #refuse} are thread-safe; the rest is
 * confined to the hub's thread.
 */
final class HubAssignment {
  /** Every new assignment costs a round of metadata, so that finished places leave together. */
  private static final int LAZY_REMOVALS = 16;

  private record Change(
      Collection<ReplyAddress> added,
      Collection<ReplyAddress> removed,
      CompletableFuture<Void> done) {}

  private final HubConsumer consumer;
  private final Queue<Change> changes = new ConcurrentLinkedQueue<>();
  private final Queue<ReplyAddress> finished = new ConcurrentLinkedQueue<>();
  private final AtomicInteger finishedCount = new AtomicInteger();

  // Each partition with how many places there are read.
  private final Map<TopicPartition, Integer> assigned = new HashMap<>();

  HubAssignment(HubConsumer consumer) {
    this.consumer = consumer;
  }

  CompletableFuture<Void> add(Collection<ReplyAddress> addresses) {
    return change(addresses, List.of());
  }

  CompletableFuture<Void> remove(Collection<ReplyAddress> addresses) {
    return change(List.of(), addresses);
  }

  private CompletableFuture<Void> change(
      Collection<ReplyAddress> added, Collection<ReplyAddress> removed) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    changes.add(new Change(added, removed, done));
    return done;
  }

  /** Has a place removed when it is worth it. */
  void finish(ReplyAddress address) {
    finished.add(address);
    finishedCount.incrementAndGet();
  }

  /** Fails the changes that nobody will apply any more. */
  void refuse() {
    for (Change change = changes.poll(); change != null; change = changes.poll()) {
      change
          .done()
          .completeExceptionally(
              new ClientClosedException("expected an open client, found a closed one"));
    }
  }

  boolean isEmpty() {
    return assigned.isEmpty();
  }

  /** Applies the changes that wait. */
  void apply() {
    if (changes.isEmpty() && finishedCount.get() < LAZY_REMOVALS) {
      return;
    }
    for (ReplyAddress address = finished.poll(); address != null; address = finished.poll()) {
      finishedCount.decrementAndGet();
      release(address);
    }
    Map<TopicPartition, Long> seeks = new HashMap<>();
    List<Change> applied = new ArrayList<>();
    for (Change change = changes.poll(); change != null; change = changes.poll()) {
      change.removed().forEach(this::release);
      change.added().forEach(address -> take(address, seeks));
      applied.add(change);
    }
    seeks.keySet().retainAll(assigned.keySet());
    consumer.assign(assigned.keySet());
    seeks.forEach(consumer.now()::seek);
    applied.forEach(change -> change.done().complete(null));
  }

  /** A place that is behind what was read of its partition takes the reading back to it. */
  private void take(ReplyAddress address, Map<TopicPartition, Long> seeks) {
    TopicPartition partition = address.partition();
    if (seeks.containsKey(partition)) {
      seeks.merge(partition, address.offset(), Math::min);
    } else if (!consumer.now().assignment().contains(partition)
        || consumer.now().position(partition) > address.offset()) {
      seeks.put(partition, address.offset());
    }
    assigned.merge(partition, 1, Integer::sum);
  }

  private void release(ReplyAddress address) {
    assigned.computeIfPresent(
        address.partition(), (partition, readers) -> readers == 1 ? null : readers - 1);
  }

  /** Removes partitions at once. */
  void drop(Collection<TopicPartition> partitions) {
    partitions.forEach(assigned::remove);
    consumer.assign(assigned.keySet());
  }
}
