package io.sirocco.worker.follow;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A topic as it was found; one that was deleted and made again is another.
 *
 * <p>Immutable.
 *
 * @param name of the topic
 * @param id of the topic of that name
 * @param partitionCount how many partitions it has
 */
public record FollowedTopic(String name, Uuid id, int partitionCount) {

  /** Looks for the topic. */
  @FunctionalInterface
  public interface Look {
    /**
     * Returns the topic as it is now, or nothing when it is not there; never makes it.
     *
     * @throws KafkaException when that cannot be told
     */
    Optional<FollowedTopic> look() throws InterruptedException;
  }

  /** Looks for topic {@code name} through {@code admin}, which stays the caller's. */
  public static Look by(Admin admin, String name) {
    return () -> {
      try {
        return admin.describeTopics(List.of(name)).allTopicNames().get().values().stream()
            .findAny()
            .map(found ->
                new FollowedTopic(name, found.topicId(), found.partitions().size()));
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          return Optional.empty();
        }
        throw e.getCause() instanceof KafkaException fault
            ? fault
            : new KafkaException("topic '%s' not described".formatted(name), e.getCause());
      }
    };
  }

  /** Its partitions. */
  public List<TopicPartition> partitions() {
    return IntStream.range(0, partitionCount)
        .mapToObj(partition -> new TopicPartition(name, partition))
        .toList();
  }
}
