package io.sirocco.embedded.doctor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What brokers said of themselves, their topics and the groups of workers.
 *
 * <p>Immutable.
 *
 * @param servers where they were asked
 * @param brokers how many there are
 * @param features the levels that the cluster has settled on, by name
 * @param settings of each broker that may be looked at
 * @param topics those of Sirocco, without private reply topics, and Kafka's own, by name
 * @param groups of workers, by name
 * @param logFolders of all brokers that may be looked at
 */
record ClusterState(
    String servers,
    int brokers,
    Map<String, Short> features,
    List<Map<String, String>> settings,
    SortedMap<String, TopicState> topics,
    Map<String, GroupState> groups,
    List<LogFolder> logFolders) {

  ClusterState {
    features = Map.copyOf(features);
    settings = List.copyOf(settings);
    topics = new TreeMap<>(topics);
    groups = Map.copyOf(groups);
    logFolders = List.copyOf(logFolders);
  }

  /** What a setting of the brokers is; empty where one may not look, or they do not know it. */
  Optional<String> setting(String name) {
    return values(name).stream().findFirst();
  }

  /** What a setting that is a number is. */
  Optional<Long> number(String name) {
    return setting(name).map(Long::valueOf);
  }

  /** All values that a setting has; more than one where brokers differ. */
  Set<String> values(String name) {
    return settings.stream()
        .map(of -> of.get(name))
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** What changes it. */
  KafkaCommands commands() {
    return new KafkaCommands(servers);
  }

  /**
   * A folder in which a broker keeps records.
   *
   * @param usableBytes how much can still be written
   * @param fault what is wrong with it; empty for nothing
   */
  record LogFolder(String name, long totalBytes, long usableBytes, String fault) {}
}
