package io.sirocco.embedded.chaos;

import static java.util.Objects.requireNonNull;

import io.sirocco.broker.SingleNodeProperties;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics of a run.
 *
 * <p>With a broker that is to be cut off, only the group's offsets are led by it: so that whoever cannot
 * reach it misses its coordinator and nothing else.
 *
 * <p>Confined to the main thread.
 */
final class ChaosTopics implements AutoCloseable {
  /** Kafka's own names. */
  private static final String GROUP_OFFSETS = "__consumer_offsets";

  private static final String TRANSACTIONS = "__transaction_state";

  private final Admin admin;
  private final int requestPartitions;
  private final int repliesInTopic;
  private final Placement placement;
  private final List<CreateTopicsResult> replyTopics = new ArrayList<>();

  /**
   * Connects.
   *
   * @param brokers how many there are, with ids from 1
   * @param coordinator the one that is to lead the group's offsets and nothing else
   */
  ChaosTopics(
      String bootstrapServers, ChaosSettings settings, int brokers, Optional<Integer> coordinator) {
    admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers, "retry.backoff.ms", 20));
    requestPartitions = settings.requestPartitions();
    repliesInTopic = Math.max(16, settings.streams());
    placement = new Placement(coordinator, brokers);
  }

  /** Makes all topics but those of replies, which are made when they are needed. */
  void create() throws InterruptedException {
    if (placement.coordinator().isPresent()) {
      await(admin.createTopics(List.of(
          placement
              .ledByCoordinator(GROUP_OFFSETS, internalPartitions("offsets.topic.num.partitions"))
              .configs(compacted()),
          placement
              .topic(TRANSACTIONS, internalPartitions("transaction.state.log.num.partitions"))
              .configs(compacted()))));
    }
    String requests = Topics.requests(ChaosSettings.MODEL);
    await(admin.createTopics(List.of(
        placement.topic(requests, requestPartitions),
        placement.topic(Topics.deadLetters(requests), 1),
        placement.topic(Topics.USAGE, Topics.USAGE_PARTITIONS),
        placement.topic(Topics.MODELS, 1).configs(compacted()))));
    addReplies();
  }

  /** Brokers go by the number that they are told, also where the topic has another one. */
  private static int internalPartitions(String property) {
    return Integer.parseInt(requireNonNull(SingleNodeProperties.all().get(property), property));
  }

  private static Map<String, String> compacted() {
    return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
  }

  private void addReplies() {
    replyTopics.add(admin.createTopics(
        List.of(placement.topic(replyTopic(replyTopics.size()), repliesInTopic))));
  }

  private static String replyTopic(int number) {
    return Topics.replies("chaos", number);
  }

  int requestPartitions() {
    return requestPartitions;
  }

  /** Where the answer to the {@code number}-th request goes. */
  TopicPartition replies(int number) throws InterruptedException {
    int topic = number / repliesInTopic;
    if (topic + 1 == replyTopics.size()) {
      addReplies(); // Ahead, so that nobody waits for it.
    }
    await(replyTopics.get(topic));
    return new TopicPartition(replyTopic(topic), number % repliesInTopic);
  }

  /** The request partitions that the member with that client id has. */
  List<Integer> ownedBy(String clientId) throws InterruptedException {
    return await(admin.describeConsumerGroups(List.of(group())).all()).values().stream()
        .flatMap(group -> group.members().stream())
        .filter(member -> member.clientId().equals(clientId))
        .flatMap(member -> member.assignment().topicPartitions().stream())
        .map(TopicPartition::partition)
        .toList();
  }

  /** The request partitions that each member has or is to have, by its client id. */
  Map<String, Set<Integer>> owners() throws InterruptedException {
    Map<String, Set<Integer>> owners = new HashMap<>();
    await(admin.describeConsumerGroups(List.of(group())).all()).values().stream()
        .flatMap(group -> group.members().stream())
        .forEach(member -> Stream.concat(
                Stream.of(member.assignment()), member.targetAssignment().stream())
            .flatMap(assignment -> assignment.topicPartitions().stream())
            .forEach(partition -> owners
                .computeIfAbsent(member.clientId(), name -> new HashSet<>())
                .add(partition.partition())));
    return owners;
  }

  /** The offset that the group stands at in each request partition, as far as it has one. */
  Map<Integer, Long> committed() throws InterruptedException {
    Map<Integer, Long> offsets = new HashMap<>();
    await(admin.listConsumerGroupOffsets(group()).partitionsToOffsetAndMetadata())
        .forEach((partition, committed) -> offsets.put(partition.partition(), offset(committed)));
    return offsets;
  }

  private static long offset(OffsetAndMetadata committed) {
    return committed.offset();
  }

  /** Whether every copy of everything is in sync. */
  boolean areInSync(int brokers) throws InterruptedException {
    Set<String> names =
        await(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
    return await(admin.describeTopics(names).allTopicNames()).values().stream()
        .flatMap(topic -> topic.partitions().stream())
        .map(TopicPartitionInfo::isr)
        .allMatch(inSync -> inSync.size() == brokers);
  }

  private static String group() {
    return Topics.workerGroup(Topics.requests(ChaosSettings.MODEL));
  }

  private static void await(CreateTopicsResult created) throws InterruptedException {
    await(created.all());
  }

  private static <T> T await(KafkaFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException refused
          ? refused
          : new KafkaException("expected an answer of the brokers, found " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }
}
