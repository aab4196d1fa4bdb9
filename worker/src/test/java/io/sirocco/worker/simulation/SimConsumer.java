package io.sirocco.worker.simulation;

import static io.sirocco.worker.simulation.PlantedBug.COMPUTED_UNCOUNTED;
import static io.sirocco.worker.simulation.PlantedBug.FINISHED_FORGOTTEN;
import static io.sirocco.worker.simulation.PlantedBug.UNSTABLE_OFFSETS;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * The consumer of one process, under the consumer protocol: callbacks come in {@code poll}, offsets
 * are read stable, and records committed.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimConsumer {
  private static final int MOST_RECORDS = 3;
  private static final long TIMEOUT_MILLIS = 200;

  private final SimProcess process;
  private final Simulation simulation;
  private final SimBroker broker;
  private final Network network;
  private final String group;
  private final Set<PlantedBug> bugs;
  private final Set<TopicPartition> assigned = new LinkedHashSet<>();
  private final Set<TopicPartition> paused = new HashSet<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Queue<Runnable> callbacks = new ArrayDeque<>();
  private SimMembership membership;
  private int epoch;
  private @Nullable ConsumerRebalanceListener listener;

  SimConsumer(
      Simulation simulation,
      SimProcess process,
      SimBroker broker,
      Network network,
      String group,
      Set<PlantedBug> bugs) {
    this.simulation = simulation;
    this.process = process;
    this.broker = broker;
    this.network = network;
    this.group = group;
    this.bugs = bugs;
    this.membership = join();
  }

  private SimMembership join() {
    return new SimMembership(simulation, process, broker.group(), group);
  }

  @SuppressWarnings("unchecked") // A class has no type arguments.
  Consumer<String, byte[]> asConsumer() {
    return PartialProxy.of(Consumer.class, this);
  }

  void subscribe(Collection<String> topics, ConsumerRebalanceListener rebalances) {
    listener = rebalances;
    if (membership.hasLeft()) {
      membership = join();
    }
  }

  Set<String> subscription() {
    return membership.hasLeft() ? Set.of() : Set.of(SimWorld.REQUESTS);
  }

  void unsubscribe() {
    leave();
  }

  ConsumerRecords<String, byte[]> poll(Duration timeout) {
    process.requireAlive();
    rebalance();
    Runnable callback;
    while ((callback = callbacks.poll()) != null) {
      callback.run();
    }
    Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> found = new LinkedHashMap<>();
    for (TopicPartition partition : assigned) {
      List<ConsumerRecord<String, byte[]>> records =
          paused.contains(partition) ? List.of() : fetch(partition);
      if (!records.isEmpty()) {
        found.put(partition, records);
      }
    }
    return new ConsumerRecords<>(found, Map.of());
  }

  private void rebalance() {
    if (membership.takeLost()) {
      Set<TopicPartition> gone = takeAway(new LinkedHashSet<>(assigned));
      simulation.note("%s has lost %s", process.name(), gone);
      listener().onPartitionsLost(gone);
      return;
    }
    SimGroup.Told told = membership.told();
    if (told == null) {
      return;
    }
    Set<TopicPartition> revoked = new LinkedHashSet<>(assigned);
    revoked.removeAll(told.partitions());
    if (!revoked.isEmpty()) {
      simulation.note("%s is to give up %s", process.name(), revoked);
      listener().onPartitionsRevoked(revoked);
      takeAway(revoked);
    }
    Set<TopicPartition> added = new LinkedHashSet<>(told.partitions());
    added.removeAll(assigned);
    boolean renewed = told.epoch() != epoch && broker.group().tellsOfEveryRebalance();
    epoch = told.epoch();
    if (!added.isEmpty() || renewed) {
      simulation.note("%s gets %s", process.name(), added);
      assigned.addAll(added);
      membership.keep(assigned);
      listener().onPartitionsAssigned(added);
    }
  }

  private ConsumerRebalanceListener listener() {
    if (listener == null) {
      throw new IllegalStateException("expected a subscription");
    }
    return listener;
  }

  private Set<TopicPartition> takeAway(Set<TopicPartition> partitions) {
    assigned.removeAll(partitions);
    paused.removeAll(partitions);
    positions.keySet().removeAll(partitions);
    membership.keep(assigned);
    return partitions;
  }

  private List<ConsumerRecord<String, byte[]>> fetch(TopicPartition partition) {
    Long position = positions.get(partition);
    if (position == null) {
      boolean stable = broker.offsets().isStable(partition) || bugs.contains(UNSTABLE_OFFSETS);
      if (stable && !process.isCutOff()) {
        positions.put(partition, committedOffset(partition));
      }
      return List.of();
    }
    List<ConsumerRecord<String, byte[]>> records =
        broker.log(partition).committedFrom(position).stream()
            .limit(MOST_RECORDS)
            .map(entry -> received(partition, entry))
            .toList();
    positions.put(
        partition,
        records.isEmpty()
            ? Math.max(position, broker.log(partition).stableEnd())
            : records.get(records.size() - 1).offset() + 1);
    return records;
  }

  private long committedOffset(TopicPartition partition) {
    OffsetAndMetadata committed = broker.offsets().committed(partition);
    return committed == null ? 0 : committed.offset();
  }

  private static ConsumerRecord<String, byte[]> received(
      TopicPartition partition, SimLog.Entry entry) {
    byte[] value = entry.record().value();
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        entry.offset(),
        entry.timestampMillis(),
        TimestampType.CREATE_TIME,
        0,
        value == null ? 0 : value.length,
        entry.record().key(),
        value,
        entry.record().headers(),
        Optional.empty());
  }

  void pause(Collection<TopicPartition> partitions) {
    paused.addAll(partitions);
  }

  void resume(Collection<TopicPartition> partitions) {
    paused.removeAll(partitions);
  }

  Set<TopicPartition> paused() {
    return Set.copyOf(paused);
  }

  Set<TopicPartition> assignment() {
    return Set.copyOf(assigned);
  }

  ConsumerGroupMetadata groupMetadata() {
    return membership.metadata();
  }

  long position(TopicPartition partition) {
    return positions.computeIfAbsent(partition, this::committedOffset);
  }

  long position(TopicPartition partition, Duration timeout) {
    return position(partition);
  }

  Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    return network.call(process, "end offsets", () -> {
      Map<TopicPartition, Long> ends = new HashMap<>();
      boolean early = bugs.contains(COMPUTED_UNCOUNTED);
      partitions.forEach(
          partition -> ends.put(partition, early ? 0 : broker.log(partition).stableEnd()));
      return ends;
    });
  }

  Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
    return endOffsets(partitions);
  }

  void seek(TopicPartition partition, long offset) {
    positions.put(partition, offset);
  }

  Map<TopicPartition, Long> beginningOffsets(
      Collection<TopicPartition> partitions, Duration timeout) {
    return beginningOffsets(partitions);
  }

  Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    return network.call(process, "beginning offsets", () -> {
      Map<TopicPartition, Long> begins = new HashMap<>();
      partitions.forEach(partition -> begins.put(partition, 0L));
      return begins;
    });
  }

  Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
    return committed(partitions, Duration.ofMillis(TIMEOUT_MILLIS));
  }

  /** Stable offsets: waits for the end of transactions that are to say more. */
  Map<TopicPartition, OffsetAndMetadata> committed(
      Set<TopicPartition> partitions, Duration timeout) {
    long deadline = simulation.nowMillis() + Math.min(timeout.toMillis(), TIMEOUT_MILLIS);
    Map<TopicPartition, OffsetAndMetadata> offsets;
    while ((offsets = look(partitions)) == null) {
      if (simulation.nowMillis() > deadline) {
        throw new TimeoutException("offsets are not stable: " + partitions);
      }
      process.await(5);
    }
    return offsets;
  }

  private @Nullable Map<TopicPartition, OffsetAndMetadata> look(Set<TopicPartition> partitions) {
    return network.callGroup(process, "committed offsets", TIMEOUT_MILLIS, () -> {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      for (TopicPartition partition : partitions) {
        if (!broker.offsets().isStable(partition) && !bugs.contains(UNSTABLE_OFFSETS)) {
          return null;
        }
        OffsetAndMetadata committed = broker.offsets().committed(partition);
        if (committed != null) {
          offsets.put(
              partition,
              bugs.contains(FINISHED_FORGOTTEN)
                  ? new OffsetAndMetadata(committed.offset(), "")
                  : committed);
        }
      }
      return offsets;
    });
  }

  void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    ConsumerGroupMetadata member = membership.metadata();
    network.callGroup(process, "commit", TIMEOUT_MILLIS, () -> {
      broker.commit(member, offsets);
      return true;
    });
  }

  void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
    ConsumerGroupMetadata member = membership.metadata();
    process.in(simulation.between(0, 3), () -> {
      Exception fault = process.isCutOff() ? new TimeoutException("no answer") : null;
      try {
        if (fault == null) {
          broker.commit(member, offsets);
        }
      } catch (KafkaException e) {
        fault = e;
      }
      Exception told = fault;
      callbacks.add(() -> callback.onComplete(offsets, told));
    });
  }

  void close() {
    process.requireAlive();
    leave();
    new ArrayList<>(callbacks).forEach(Runnable::run);
  }

  private void leave() {
    Set<TopicPartition> held = new LinkedHashSet<>(assigned);
    if (!held.isEmpty()) {
      listener().onPartitionsRevoked(held);
    }
    takeAway(held);
    membership.leave();
  }
}
