package io.sirocco.client;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client asks of the broker about its reply topics, many at a time: one by one, each costs
 * the broker several times as much.
 *
 * <p>Thread-safe.
 */
final class ReplyTopicAdmin {
  private static final Logger LOG = LoggerFactory.getLogger(ReplyTopicAdmin.class);

  private static final long KNOWN_POLL_MILLIS = 10;

  private final Admin admin;
  private final short replicationFactor;
  private final Map<String, String> topicConfig;

  ReplyTopicAdmin(Admin admin, short replicationFactor, Duration retention) {
    this.admin = admin;
    this.replicationFactor = replicationFactor;
    this.topicConfig = Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG,
        Long.toString(retention.toMillis()),
        // Kafka preallocates the index of a segment, which would be 20 MB for each answer.
        TopicConfig.SEGMENT_INDEX_BYTES_CONFIG,
        "4096",
        TopicConfig.SEGMENT_BYTES_CONFIG,
        "1048576");
  }

  /**
   * Creates topics of one partition and waits until they can be written to, which is some time after
   * the broker has answered.
   *
   * @return those that were created; the others were there already
   */
  Set<String> create(Collection<String> topics, Duration patience)
      throws ExecutionException, InterruptedException, TimeoutException {
    Deadline deadline = Deadline.after(patience);
    List<NewTopic> newTopics = topics.stream()
        .map(topic -> new NewTopic(topic, 1, replicationFactor).configs(topicConfig))
        .toList();
    Set<String> created = new HashSet<>();
    for (Map.Entry<String, KafkaFuture<Void>> creation :
        admin.createTopics(newTopics).values().entrySet()) {
      try {
        get(creation.getValue(), deadline);
        created.add(creation.getKey());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
        LOG.debug("Reply topic {} was there before", creation.getKey());
      }
    }
    if (created.isEmpty()) {
      return created;
    }
    awaitKnown(created, deadline);
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    created.forEach(topic -> ends.put(new TopicPartition(topic, 0), OffsetSpec.latest()));
    get(admin.listOffsets(ends).all(), deadline);
    return created;
  }

  /**
   * Returns where each partition of a topic ends that clients share, and makes the topic if it is
   * missing.
   */
  List<ReplyAddress> sharedEnds(String topic, Deadline deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    if (describe(topic, deadline).isEmpty()) {
      NewTopic shared = new NewTopic(topic, Optional.empty(), Optional.of(replicationFactor))
          .configs(Map.of(
              TopicConfig.RETENTION_MS_CONFIG, topicConfig.get(TopicConfig.RETENTION_MS_CONFIG)));
      try {
        get(admin.createTopics(List.of(shared)).all(), deadline);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
      awaitKnown(List.of(topic), deadline);
    }
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    describe(topic, deadline).forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    List<ReplyAddress> ends = new ArrayList<>();
    get(admin.listOffsets(latest).all(), deadline)
        .forEach((partition, end) -> ends.add(new ReplyAddress(partition, end.offset())));
    return ends;
  }

  /** Makes the topic that says where answers live, unless it is there; it keeps what they keep. */
  void createStreams(Deadline deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    if (describe(Topics.STREAMS, deadline).isEmpty()) {
      NewTopic streams = new NewTopic(
              Topics.STREAMS, Optional.empty(), Optional.of(replicationFactor))
          .configs(Map.of(
              TopicConfig.CLEANUP_POLICY_CONFIG,
              TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
              TopicConfig.RETENTION_MS_CONFIG,
              topicConfig.get(TopicConfig.RETENTION_MS_CONFIG)));
      try {
        get(admin.createTopics(List.of(streams)).all(), deadline);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
      awaitKnown(List.of(Topics.STREAMS), deadline);
    }
  }

  /** Whether there is such a partition. */
  boolean exists(TopicPartition partition, Deadline deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    return describe(partition.topic(), deadline).contains(partition);
  }

  /** Returns the partitions of a topic; none when there is no such topic. */
  private List<TopicPartition> describe(String topic, Deadline deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      return get(admin.describeTopics(List.of(topic)).allTopicNames(), deadline).values().stream()
          .flatMap(description -> description.partitions().stream())
          .map(partition -> new TopicPartition(topic, partition.partition()))
          .toList();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return List.of();
      }
      throw e;
    }
  }

  /** Waits until the brokers have heard of the topics; to ask for offsets before is an error. */
  private void awaitKnown(Collection<String> topics, Deadline deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    while (true) {
      try {
        get(admin.describeTopics(topics).allTopicNames(), deadline);
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(KNOWN_POLL_MILLIS);
      }
    }
  }

  /** Deletes topics, and returns those that may still be there. */
  List<String> delete(Collection<String> topics, Duration patience) throws InterruptedException {
    Deadline deadline = Deadline.after(patience);
    List<String> left = new ArrayList<>();
    for (Map.Entry<String, KafkaFuture<Void>> deletion :
        admin.deleteTopics(topics).topicNameValues().entrySet()) {
      try {
        get(deletion.getValue(), deadline);
      } catch (ExecutionException | TimeoutException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          LOG.debug("Could not delete reply topic {}: {}", deletion.getKey(), e.toString());
          left.add(deletion.getKey());
        }
      }
    }
    return left;
  }

  /**
   * Returns the offset that {@code group} has committed for each partition of {@code topic}, below
   * which every request is closed; or nothing when this client may not know.
   */
  Optional<Map<TopicPartition, Long>> committed(String group, String topic, Duration patience)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    try {
      Map<TopicPartition, OffsetAndMetadata> offsets = get(
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
          Deadline.after(patience));
      offsets.forEach((partition, offset) -> {
        // Kafka answers null for a partition without a commit.
        if (offset != null && partition.topic().equals(topic)) {
          committed.put(partition, offset.offset());
        }
      });
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return Optional.empty();
      }
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
    return Optional.of(committed);
  }

  void close(Deadline deadline) {
    admin.close(deadline.remaining());
  }

  private static <T> T get(KafkaFuture<T> future, Deadline deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
  }
}
