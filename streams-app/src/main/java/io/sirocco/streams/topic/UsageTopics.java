package io.sirocco.streams.topic;

import static java.util.Map.entry;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topics of usage and prices, and how they are made where they are missing. One that is there is
 * left as it is.
 *
 * <p>Usage events and dead letters are kept for ever unless somebody decides otherwise: bills are
 * made of them, and history can be priced again only while it is there.
 *
 * <p>Immutable.
 *
 * @param partitions how many partitions usage has, for good: see {@link
 *     io.sirocco.streams.topology.UsageTopology}
 * @param replicas how many copies the brokers keep; -1 for what they do by default
 */
public record UsageTopics(int partitions, short replicas) {
  private static final Duration POLL = Duration.ofMillis(10);
  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
  private static final Map<String, String> KEPT = Map.ofEntries(
      entry(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE),
      entry(TopicConfig.RETENTION_MS_CONFIG, "-1"));

  public UsageTopics {
    if (partitions < 1) {
      throw new IllegalArgumentException("expected at least 1 partition, found " + partitions);
    }
    if (replicas < 1 && replicas != -1) {
      throw new IllegalArgumentException(
          "expected at least 1 replica, or -1 for the brokers' default, found " + replicas);
    }
  }

  /**
   * Makes the topics that are missing; returns when every partition has a leader.
   *
   * @throws KafkaException when the brokers refuse, or do not answer within {@code limit}
   */
  public void createMissing(Admin admin, Duration limit) {
    List<NewTopic> topics = List.of(
        topic(Topics.USAGE, partitions, KEPT),
        topic(Topics.deadLetters(Topics.USAGE), 1, KEPT),
        topic(Topics.PRICES, 1, COMPACTED),
        topic(Topics.USAGE_BY_USER, partitions, COMPACTED));
    createMissing(admin, topics, limit);
    // All that is known about a user meets in one task: in partitions of the same number.
    int ofUsage = partitionsOfUsage(admin, limit);
    createMissing(
        admin,
        List.of(topic(Topics.RECEIPTS, ofUsage, KEPT), topic(Topics.CORRECTIONS, ofUsage, KEPT)),
        limit);
  }

  /**
   * Returns how many partitions usage has, which may have been made by somebody else.
   *
   * @throws KafkaException when the brokers do not say so within {@code limit}
   */
  public int partitionsOfUsage(Admin admin, Duration limit) {
    try {
      return admin
          .describeTopics(List.of(Topics.USAGE))
          .allTopicNames()
          .get(limit.toNanos(), TimeUnit.NANOSECONDS)
          .values()
          .stream()
          .mapToInt(topic -> topic.partitions().size())
          .sum();
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("the topic " + Topics.USAGE + " cannot be described", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while looking at the topics of usage", e);
    }
  }

  /** Makes the topic of prices if it is missing, as {@link #createMissing} does. */
  public void createPrices(Admin admin, Duration limit) {
    createMissing(admin, List.of(topic(Topics.PRICES, 1, COMPACTED)), limit);
  }

  private NewTopic topic(String name, int count, Map<String, String> settings) {
    return new NewTopic(name, count, replicas).configs(settings);
  }

  private static void createMissing(Admin admin, List<NewTopic> topics, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    admin.createTopics(topics).values().forEach((name, created) -> {
      try {
        created.get(remaining(deadline), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw new KafkaException("the topic " + name + " cannot be made", e.getCause());
        }
      } catch (TimeoutException e) {
        throw new KafkaException("no broker made the topic " + name + " within " + limit, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KafkaException("interrupted while making the topic " + name, e);
      }
    });
    // Brokers answer before all of them know the topic.
    List<String> names = topics.stream().map(NewTopic::name).toList();
    await(() -> haveLeaders(admin, names, deadline), deadline, limit);
  }

  private static void await(BooleanSupplier condition, long deadline, Duration limit) {
    while (!condition.getAsBoolean()) {
      if (remaining(deadline) == 0) {
        throw new KafkaException("the topics of usage had no leaders within " + limit);
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private static boolean haveLeaders(Admin admin, List<String> names, long deadline) {
    try {
      Stream<TopicDescription> topics = admin
          .describeTopics(names)
          .allTopicNames()
          .get(remaining(deadline), TimeUnit.NANOSECONDS)
          .values()
          .stream();
      return topics
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(
              partition -> partition.leader() != null && !partition.leader().isEmpty());
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while waiting for the topics of usage", e);
    }
  }

  private static long remaining(long deadline) {
    return Math.max(0, deadline - System.nanoTime());
  }
}
