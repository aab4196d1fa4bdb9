package io.sirocco.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Creates, lists and deletes the topics of a test.
 *
 * <p>Kafka answers before its brokers have done what was asked; these methods return when it is
 * done, and fail after a minute.
 *
 * <p>Thread-safe.
 */
public final class TestTopics implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Admin admin;

  /** Connects to {@code broker}. */
  public TestTopics(KafkaBroker broker) {
    Map<String, Object> properties = new HashMap<>(broker.clientProperties());
    properties.put(AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    admin = Admin.create(properties);
  }

  /** Creates a topic with one replica; returns when each partition has a leader. */
  public void create(String topic, int partitions) {
    done(() -> admin
        .createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
        .all()
        .get());
    Awaitility.await("leaders of " + topic)
        .atMost(LIMIT)
        .until(() -> partitionsWithLeader(topic) == partitions);
  }

  /** The names of all topics but Kafka's own, in order. */
  public Set<String> names() {
    return new TreeSet<>(
        done(() -> admin.listTopics().names().get(LIMIT.toSeconds(), TimeUnit.SECONDS)));
  }

  /** Deletes topics; returns when none of them is listed any more. */
  public void delete(String... topics) {
    List<String> names = Arrays.asList(topics);
    done(() -> admin.deleteTopics(names).all().get());
    Awaitility.await("deletion of " + names)
        .atMost(LIMIT)
        .until(() -> names().stream().noneMatch(names::contains));
  }

  @Override
  public void close() {
    admin.close(LIMIT);
  }

  private long partitionsWithLeader(String topic) throws InterruptedException, ExecutionException {
    try {
      TopicDescription description = admin
          .describeTopics(List.of(topic))
          .topicNameValues()
          .values()
          .iterator()
          .next()
          .get();
      return description.partitions().stream()
          .filter(partition -> partition.leader() != null && !partition.leader().isEmpty())
          .count();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0;
      }
      throw e;
    }
  }

  private interface AdminCall<T> {
    T get() throws Exception;
  }

  private static <T extends @Nullable Object> T done(AdminCall<T> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw new AssertionError("Kafka refused: " + e.getCause(), e.getCause());
    } catch (Exception e) {
      throw new AssertionError("Kafka did not answer: " + e, e);
    }
  }
}
