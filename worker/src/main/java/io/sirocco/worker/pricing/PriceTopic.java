package io.sirocco.worker.pricing;

import io.sirocco.contracts.topic.Topics;
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
 * The topic {@code chat.prices} as it was found; one that was deleted and made again is another.
 *
 * <p>Immutable.
 *
 * @param id of the topic of that name
 * @param partitionCount how many partitions it has
 */
record PriceTopic(Uuid id, int partitionCount) {

  /** Looks for the topic. */
  @FunctionalInterface
  interface Look {
    /**
     * Returns the topic as it is now, or nothing when it is not there; never makes it.
     *
     * @throws KafkaException when that cannot be told
     */
    Optional<PriceTopic> look() throws InterruptedException;
  }

  /** Looks through {@code admin}, which stays the caller's. */
  static Look by(Admin admin) {
    return () -> {
      try {
        return admin.describeTopics(List.of(Topics.PRICES)).allTopicNames().get().values().stream()
            .findAny()
            .map(found -> new PriceTopic(found.topicId(), found.partitions().size()));
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          return Optional.empty();
        }
        throw e.getCause() instanceof KafkaException fault
            ? fault
            : new KafkaException("topic '%s' not described".formatted(Topics.PRICES), e.getCause());
      }
    };
  }

  /** Its partitions. */
  List<TopicPartition> partitions() {
    return IntStream.range(0, partitionCount)
        .mapToObj(partition -> new TopicPartition(Topics.PRICES, partition))
        .toList();
  }
}
