package io.sirocco.worker.janitor;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the broker says about topics that may vanish at any moment, and their deletion.
 *
 * <p>Thread-safe.
 *
 * @param patience how long one answer of the broker may take
 */
record ReplyTopicCensus(Admin admin, Duration patience) {
  /** Returns the names of all topics. */
  Collection<String> names() throws ExecutionException, InterruptedException, TimeoutException {
    return get(admin.listTopics().names());
  }

  /** Returns when each of the topics was last written to, if it holds a record. */
  Map<String, Optional<Instant>> newest(List<String> topics)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (KafkaFuture<TopicDescription> answer :
        admin.describeTopics(topics).topicNameValues().values()) {
      unlessGone(answer)
          .ifPresent(topic -> topic
              .partitions()
              .forEach(partition -> asked.put(
                  new TopicPartition(topic.name(), partition.partition()),
                  OffsetSpec.maxTimestamp())));
    }
    ListOffsetsResult offsets = admin.listOffsets(asked);
    Map<String, Optional<Instant>> newest = new HashMap<>();
    for (TopicPartition partition : asked.keySet()) {
      unlessGone(offsets.partitionResult(partition))
          .map(found -> found.timestamp() < 0
              ? Optional.<Instant>empty()
              : Optional.of(Instant.ofEpochMilli(found.timestamp())))
          .ifPresent(time -> newest.merge(partition.topic(), time, ReplyTopicCensus::later));
    }
    return newest;
  }

  private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
    if (one.isEmpty()) {
      return other;
    }
    return other.isPresent() && other.get().isAfter(one.get()) ? other : one;
  }

  /** Deletes topics, and returns how many of them this call has deleted. */
  int delete(List<String> topics)
      throws ExecutionException, InterruptedException, TimeoutException {
    int deleted = 0;
    for (KafkaFuture<Void> deletion :
        admin.deleteTopics(topics).topicNameValues().values()) {
      if (isDone(deletion)) {
        deleted++;
      }
    }
    return deleted;
  }

  private boolean isDone(KafkaFuture<Void> deletion)
      throws ExecutionException, InterruptedException, TimeoutException {
    return unlessGone(deletion.thenApply(nothing -> true)).isPresent();
  }

  private <T> Optional<T> unlessGone(KafkaFuture<T> answer)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      return Optional.of(get(answer));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private <T> T get(KafkaFuture<T> answer)
      throws ExecutionException, InterruptedException, TimeoutException {
    return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
  }
}
