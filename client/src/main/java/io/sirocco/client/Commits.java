package io.sirocco.client;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * How far workers have closed requests: the committed offsets of those request topics whose workers
 * the client may look at.
 *
 * <p>Immutable.
 *
 * @param seen the request topics that were looked at
 * @param offsets the committed offset of each of their partitions, below which every request is
 *     closed
 */
record Commits(Set<String> seen, Map<TopicPartition, Long> offsets) {
  /** Nothing was seen. */
  static final Commits NONE = new Commits(Set.of(), Map.of());

  Commits {
    seen = Set.copyOf(seen);
    offsets = Map.copyOf(offsets);
  }

  /** Whether the request is closed; false also when nobody can know. */
  boolean areBeyond(Delivery.Sent sent) {
    return offsets.getOrDefault(sent.partition(), 0L) > sent.offset();
  }

  /** Whether the request is among those that were looked at. */
  boolean canTell(Delivery.Sent sent) {
    return seen.contains(sent.partition().topic());
  }
}
