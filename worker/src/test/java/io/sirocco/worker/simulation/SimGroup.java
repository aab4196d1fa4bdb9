package io.sirocco.worker.simulation;

import io.sirocco.worker.intake.GroupProtocol;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of a group: a member is given a partition when the last owner has acknowledged its
 * revocation or has not been heard of for the session timeout.
 *
 * <p>Under the consumer protocol (KIP-848) a member's epoch is its own matter. Under the classic one
 * whatever anybody joins, leaves or gives up makes the epoch of all others stale, until they are heard
 * of again.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimGroup {
  private static final Comparator<TopicPartition> IN_ORDER =
      Comparator.comparing(TopicPartition::toString);

  /** What a member is told: its epoch, and the partitions that it has from now on. */
  record Told(int epoch, Set<TopicPartition> partitions) {}

  private static final class Member {
    private final Map<TopicPartition, Integer> owned = new HashMap<>(); // With the epoch of each.
    private int epoch;
    private long heardMillis;
  }

  private final List<TopicPartition> partitions;
  private final long sessionMillis;
  private final GroupProtocol protocol;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private int epoch;

  SimGroup(List<TopicPartition> partitions, long sessionMillis, GroupProtocol protocol) {
    this.partitions = partitions;
    this.sessionMillis = sessionMillis;
    this.protocol = protocol;
  }

  /** Takes a member in, which has nothing yet, and returns its epoch. */
  int join(String name, long nowMillis) {
    expire(nowMillis);
    Member member = new Member();
    member.heardMillis = nowMillis;
    members.put(name, member);
    member.epoch = ++epoch;
    return epoch;
  }

  /**
   * Hears of a member.
   *
   * @param kept the partitions that it has: of those that it was given, all but the revoked ones
   * @return what it has from now on, or null when it is no member any more
   */
  @Nullable
  Told heartbeat(String name, int memberEpoch, Set<TopicPartition> kept, long nowMillis) {
    expire(nowMillis);
    Member member = members.get(name);
    if (member == null || member.epoch != memberEpoch) {
      return null;
    }
    member.heardMillis = nowMillis;
    Set<TopicPartition> target = target(name);
    boolean revokes = member.owned.keySet().stream().anyMatch(p -> !target.contains(p));
    if (revokes) {
      boolean gave = member.owned.keySet().removeIf(p -> !target.contains(p) && !kept.contains(p));
      epoch += gave && isClassic() ? 1 : 0;
      revokes = !target.containsAll(member.owned.keySet());
    }
    if (isClassic()) {
      member.epoch = epoch;
    }
    if (!revokes) {
      member.epoch = epoch;
      target.stream().filter(p -> owner(p) == null).forEach(p -> member.owned.put(p, member.epoch));
    }
    Set<TopicPartition> mine = sorted();
    member.owned.keySet().stream().filter(target::contains).forEach(mine::add);
    return new Told(member.epoch, mine);
  }

  /** Whether members hear of rebalances in which they get nothing. */
  boolean tellsOfEveryRebalance() {
    return isClassic();
  }

  private boolean isClassic() {
    return protocol == GroupProtocol.CLASSIC;
  }

  private static Set<TopicPartition> sorted() {
    return new TreeSet<>(IN_ORDER);
  }

  private Set<TopicPartition> target(String name) {
    List<String> names = members.keySet().stream().sorted().toList();
    Set<TopicPartition> target = sorted();
    for (int i = 0; i < partitions.size(); i++) {
      if (names.get(i % names.size()).equals(name)) {
        target.add(partitions.get(i));
      }
    }
    return target;
  }

  /** Who has that partition, or null. */
  @Nullable
  String owner(TopicPartition partition) {
    return members.entrySet().stream()
        .filter(member -> member.getValue().owned.containsKey(partition))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  void leave(String name) {
    if (members.remove(name) != null) {
      epoch++;
    }
  }

  /** Forgets members that have not been heard of for too long. */
  void expire(long nowMillis) {
    if (members.values().removeIf(member -> nowMillis - member.heardMillis > sessionMillis)) {
      epoch++;
    }
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /** Begins to count again, as a group does that was deleted and made anew. */
  void resetEpoch() {
    epoch = 0;
  }

  /**
   * Checks a commit as brokers do: the member and its epoch count, and the owner only where the epoch
   * is an older one; under the classic protocol the epoch has to be the newest.
   *
   * @throws CommitFailedException when it is refused
   */
  void requireMayCommit(ConsumerGroupMetadata metadata, Set<TopicPartition> committed) {
    Member member = members.get(metadata.memberId());
    if (member == null) {
      throw new CommitFailedException("no member " + metadata.memberId());
    }
    int given = metadata.generationId();
    if (isClassic() && given != epoch) {
      throw new CommitFailedException(
          "%s of epoch %d in epoch %d".formatted(metadata.memberId(), given, epoch));
    }
    boolean fresh = given == member.epoch;
    for (TopicPartition partition : committed) {
      Integer since = member.owned.get(partition);
      if (!fresh && (given > member.epoch || since == null || since > given)) {
        throw new CommitFailedException("%s of epoch %d may not commit %s in epoch %d"
            .formatted(metadata.memberId(), given, partition, member.epoch));
      }
    }
  }
}
