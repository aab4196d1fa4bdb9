package io.sirocco.embedded.doctor;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;

/**
 * How a topic is.
 *
 * <p>Immutable.
 *
 * @param name of the topic
 * @param partitions how many it has
 * @param replicas how many copies the partition with the fewest has
 * @param inSync how many of them are up to date, of the partition with the fewest
 * @param withoutLeader how many partitions nobody can write to
 * @param settings empty where one may not look
 * @param rights what whoever looks may do
 */
record TopicState(
    String name,
    int partitions,
    int replicas,
    int inSync,
    int withoutLeader,
    Map<String, String> settings,
    Set<AclOperation> rights) {

  TopicState {
    settings = Map.copyOf(settings);
    rights = Set.copyOf(rights);
  }

  /** The value of a setting that is a number. */
  Optional<Long> number(String setting) {
    return Optional.ofNullable(settings.get(setting)).map(Long::valueOf);
  }

  /** The same with other settings. */
  TopicState with(Map<String, String> others) {
    return new TopicState(name, partitions, replicas, inSync, withoutLeader, others, rights);
  }
}
