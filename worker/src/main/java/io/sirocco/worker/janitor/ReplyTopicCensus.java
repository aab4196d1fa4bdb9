package io.sirocco.worker.janitor;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the broker says about topics that may vanish at any moment, and their deletion. Each topic is
 * judged alone: one of which nothing is said, as nobody leads it, holds up no other.
 *
 * <p>Thread-safe.
 *
 * @param patience how long the broker's answers about some topics may take, all together
 */
record ReplyTopicCensus(Admin admin, Duration patience) {
  /** Returns the names of all topics. */
  Collection<String> names() throws ExecutionException, InterruptedException, TimeoutException {
    return admin.listTopics().names().get(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Returns when each of the topics was last written to, if it holds a record, without those that are
   * gone.
   *
   * @param untold hears of which topic that cannot be said, and why; of a topic perhaps twice
   */
  Map<String, Optional<Instant>> newest(List<String> topics, BiConsumer<String, Throwable> untold)
      throws InterruptedException {
    Map<String, KafkaFuture<TopicDescription>> described =
        admin.describeTopics(topics).topicNameValues();
    await(described.values());
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (Entry<String, KafkaFuture<TopicDescription>> answer : described.entrySet()) {
      try {
        asked.putAll(newestOf(now(answer.getValue())));
      } catch (ExecutionException e) {
        unlessGone(answer.getKey(), e, untold);
      }
    }
    return newest(asked, untold);
  }

  /** To ask for the offsets of a partition that nobody leads would be to wait in vain. */
  private static Map<TopicPartition, OffsetSpec> newestOf(TopicDescription topic)
      throws ExecutionException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (TopicPartitionInfo partition : topic.partitions()) {
      if (partition.leader() == null) {
        throw new ExecutionException(
            new LeaderNotAvailableException("nobody leads partition " + partition.partition()));
      }
      asked.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.maxTimestamp());
    }
    return asked;
  }

  private Map<String, Optional<Instant>> newest(
      Map<TopicPartition, OffsetSpec> asked, BiConsumer<String, Throwable> untold)
      throws InterruptedException {
    ListOffsetsResult offsets = admin.listOffsets(asked);
    await(asked.keySet().stream().map(offsets::partitionResult).toList());
    Map<String, Optional<Instant>> newest = new HashMap<>();
    Set<String> incomplete = new HashSet<>();
    for (TopicPartition partition : asked.keySet()) {
      try {
        ListOffsetsResultInfo found = now(offsets.partitionResult(partition));
        Optional<Instant> time = found.timestamp() < 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(found.timestamp()));
        newest.merge(partition.topic(), time, ReplyTopicCensus::later);
      } catch (ExecutionException e) {
        incomplete.add(partition.topic());
        unlessGone(partition.topic(), e, untold);
      }
    }
    newest.keySet().removeAll(incomplete);
    return newest;
  }

  private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
    if (one.isEmpty()) {
      return other;
    }
    return other.isPresent() && other.get().isAfter(one.get()) ? other : one;
  }

  /**
   * Deletes topics, and returns how many of them this call has deleted.
   *
   * @param left hears of which topic that is there nevertheless, and why
   */
  int delete(List<String> topics, BiConsumer<String, Throwable> left) throws InterruptedException {
    Map<String, KafkaFuture<Void>> deletions = admin.deleteTopics(topics).topicNameValues();
    await(deletions.values());
    int deleted = 0;
    for (Entry<String, KafkaFuture<Void>> deletion : deletions.entrySet()) {
      try {
        var unused = now(deletion.getValue());
        deleted++;
      } catch (ExecutionException e) {
        unlessGone(deletion.getKey(), e, left);
      }
    }
    return deleted;
  }

  private static void unlessGone(
      String topic, ExecutionException fault, BiConsumer<String, Throwable> told) {
    Throwable cause = fault.getCause();
    if (!(cause instanceof UnknownTopicOrPartitionException)) {
      told.accept(topic, cause == null ? fault : cause);
    }
  }

  /** Waits until all is answered, or for as long as that may take. */
  private void await(Collection<? extends KafkaFuture<?>> answers) throws InterruptedException {
    try {
      KafkaFuture.allOf(answers.toArray(KafkaFuture<?>[]::new))
          .get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Each says for itself what came of it.
    }
  }

  private <T> T now(KafkaFuture<T> answer) throws ExecutionException, InterruptedException {
    if (!answer.isDone()) {
      throw new ExecutionException(new TimeoutException("no answer within " + patience));
    }
    return answer.get();
  }
}
