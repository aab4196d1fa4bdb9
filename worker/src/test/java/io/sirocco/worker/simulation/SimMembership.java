package io.sirocco.worker.simulation;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer does beside its owner's thread: tells the coordinator that it is there, and hears
 * what it is to have.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimMembership {
  private static final int HEARTBEAT_MILLIS = 15;

  private final Simulation simulation;
  private final SimProcess process;
  private final SimGroup group;
  private final String groupId;
  private SimGroup.@Nullable Told told;
  private Set<TopicPartition> kept = Set.of();
  private boolean lost;
  private boolean left;

  SimMembership(Simulation simulation, SimProcess process, SimGroup group, String groupId) {
    this.simulation = simulation;
    this.process = process;
    this.group = group;
    this.groupId = groupId;
    beat();
  }

  private void beat() {
    process.in(simulation.between(HEARTBEAT_MILLIS / 2, HEARTBEAT_MILLIS), () -> {
      if (!left) {
        if (!process.isCutOff()) {
          speak();
        }
        beat();
      }
    });
  }

  private void speak() {
    SimGroup.Told last = told;
    if (lost) {
      return; // Until the owner has heard of it.
    }
    if (last == null) {
      int epoch = group.join(memberId(), simulation.nowMillis());
      told = new SimGroup.Told(epoch, Set.of());
      return;
    }
    told = group.heartbeat(memberId(), last.epoch(), kept, simulation.nowMillis());
    lost = told == null;
  }

  /** What it is to have: null before it is a member. */
  SimGroup.@Nullable Told told() {
    return told;
  }

  /** Tells the coordinator what is still in use of what it gave. */
  void keep(Set<TopicPartition> partitions) {
    kept = new LinkedHashSet<>(partitions);
  }

  /** Whether it was found to be no member any more, since this was asked the last time. */
  boolean takeLost() {
    boolean was = lost;
    lost = false;
    return was;
  }

  void leave() {
    left = true;
    if (!process.isCutOff()) {
      group.leave(memberId());
    }
  }

  boolean hasLeft() {
    return left;
  }

  /** Says who commits. */
  @SuppressWarnings("removal") // There is no other way to make one yet.
  static ConsumerGroupMetadata metadata(String group, int epoch, String member) {
    return new ConsumerGroupMetadata(group, epoch, member, Optional.empty());
  }

  /** The newest that is known, whatever the owner has heard. */
  ConsumerGroupMetadata metadata() {
    SimGroup.Told last = told;
    return metadata(groupId, last == null ? -1 : last.epoch(), memberId());
  }

  /** The same for as long as the process lives, whatever it was a member of. */
  private String memberId() {
    return process.name();
  }
}
