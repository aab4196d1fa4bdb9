package io.sirocco.embedded.doctor;

import static java.util.stream.Collectors.toMap;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.embedded.doctor.ClusterState.LogFolder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * Asks brokers for their state. What one may not look at is left out; changes nothing.
 *
 * <p>Immutable.
 *
 * @param admin asks
 * @param servers where it asks
 */
record ClusterReader(Admin admin, String servers) {
  private static final Set<String> OF_KAFKA = Set.of("__consumer_offsets", "__transaction_state");

  /**
   * Asks for everything.
   *
   * @throws KafkaException when no broker answers or lets one in
   */
  ClusterState read() throws InterruptedException {
    Collection<Node> nodes = Answers.get(admin.describeCluster().nodes());
    SortedMap<String, TopicState> topics = topics();
    return new ClusterState(
        servers,
        nodes.size(),
        features(),
        nodes.stream()
            .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
            .map(this::settings)
            .flatMap(Optional::stream)
            .toList(),
        topics,
        groups(topics.keySet()),
        logFolders(nodes));
  }

  private Map<String, Short> features() throws InterruptedException {
    return Answers.get(admin.describeFeatures().featureMetadata())
        .finalizedFeatures()
        .entrySet()
        .stream()
        .collect(toMap(Map.Entry::getKey, feature -> feature.getValue().maxVersionLevel()));
  }

  private SortedMap<String, TopicState> topics() throws InterruptedException {
    List<String> names =
        Answers.get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names()).stream()
            .filter(ClusterReader::matters)
            .toList();
    Map<String, KafkaFuture<TopicDescription>> asked = admin
        .describeTopics(names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
        .topicNameValues();
    SortedMap<String, TopicState> topics = new TreeMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : asked.entrySet()) {
      // One that was deleted meanwhile is not there.
      Answers.find(topic.getValue()).ifPresent(found -> topics.put(topic.getKey(), state(found)));
    }
    return topics;
  }

  private static boolean matters(String topic) {
    return OF_KAFKA.contains(topic)
        || topic.equals(Topics.SHARED_REPLIES)
        || (topic.startsWith("chat.") && !topic.startsWith(Topics.REPLIES_PREFIX));
  }

  private TopicState state(TopicDescription topic) {
    List<TopicPartitionInfo> partitions = topic.partitions();
    return new TopicState(
        topic.name(),
        partitions.size(),
        partitions.stream().mapToInt(part -> part.replicas().size()).min().orElse(0),
        partitions.stream().mapToInt(part -> part.isr().size()).min().orElse(0),
        (int) partitions.stream()
            .filter(part -> part.leader() == null || part.leader().isEmpty())
            .count(),
        settings(new ConfigResource(ConfigResource.Type.TOPIC, topic.name())).orElse(Map.of()),
        rights(topic.authorizedOperations()));
  }

  private Map<String, GroupState> groups(Set<String> topics) throws InterruptedException {
    Map<String, GroupState> groups = new HashMap<>();
    for (String topic : RequestTopicNames.among(topics)) {
      String name = Topics.workerGroup(topic);
      Optional<ConsumerGroupDescription> group = Answers.find(admin
          .describeConsumerGroups(
              List.of(name), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
          .describedGroups()
          .get(name));
      groups.put(
          name,
          new GroupState(
              group.map(found -> found.members().size()).orElse(0),
              settings(new ConfigResource(ConfigResource.Type.GROUP, name)).orElse(Map.of()),
              group.map(found -> rights(found.authorizedOperations())).orElse(Set.of())));
    }
    return groups;
  }

  private List<LogFolder> logFolders(Collection<Node> nodes) throws InterruptedException {
    List<LogFolder> folders = new ArrayList<>();
    for (Node node : nodes) {
      Optional<Map<String, LogDirDescription>> found =
          Answers.find(admin.describeLogDirs(List.of(node.id())).descriptions().get(node.id()));
      found
          .orElse(Map.of())
          .forEach((name, folder) -> folders.add(new LogFolder(
              "broker " + node.idString() + " " + name,
              folder.totalBytes().orElse(0),
              folder.usableBytes().orElse(0),
              folder.error() == null ? "" : String.valueOf(folder.error().getMessage()))));
    }
    return folders;
  }

  private Optional<Map<String, String>> settings(ConfigResource of) {
    Optional<Config> found =
        Answers.find(admin.describeConfigs(List.of(of)).values().get(of));
    return found.map(config -> config.entries().stream()
        .filter(entry -> entry.value() != null)
        .collect(toMap(ConfigEntry::name, ConfigEntry::value)));
  }

  private static Set<AclOperation> rights(@Nullable Set<AclOperation> operations) {
    return operations == null ? Set.of() : operations;
  }
}
