package io.sirocco.worker.intake;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the offsets of requests that are done.
 *
 * <p>Confined to the intake thread.
 */
final class OffsetCommits {
  private static final Logger log = LoggerFactory.getLogger(OffsetCommits.class);

  private final Consumer<String, byte[]> consumer;
  private final Map<TopicPartition, AssignedPartition> assigned;
  private boolean committing;

  /**
   * @param assigned the partitions of {@code consumer}; changed by its owner
   */
  OffsetCommits(
      Consumer<String, byte[]> consumer, Map<TopicPartition, AssignedPartition> assigned) {
    this.consumer = consumer;
    this.assigned = assigned;
  }

  /** Commits what is done, unless a commit is on its way: the next one takes it along. */
  void commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = committable(assigned.keySet());
    if (offsets.isEmpty() || committing) {
      return;
    }
    committing = true;
    consumer.commitAsync(offsets, (committed, fault) -> {
      committing = false;
      if (fault == null) {
        noteCommitted(committed);
      } else {
        log.warn("commit failed, the next one repeats it offsets={}", committed, fault);
      }
    });
  }

  /** Commits what is done of partitions that are about to be lost, and waits for it. */
  void commitNow(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = committable(partitions);
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets);
      noteCommitted(offsets);
    } catch (KafkaException e) {
      log.warn("last commit failed, the next owner answers these again offsets={}", offsets, e);
    }
  }

  /**
   * Proves that {@code owner} is still assigned, by a commit of what is committed, or may be, already:
   * the group refuses that of a member that it has replaced.
   */
  CompletionStage<Boolean> prove(AssignedPartition owner) {
    CompletableFuture<Boolean> proved = new CompletableFuture<>();
    OptionalLong offset = owner.watermark();
    if (offset.isEmpty() || assigned.get(owner.partition()) != owner) {
      proved.complete(false);
      return proved;
    }
    consumer.commitAsync(
        Map.of(owner.partition(), new OffsetAndMetadata(offset.getAsLong())),
        (committed, fault) -> {
          if (fault == null) {
            proved.complete(true);
          } else {
            // Between two epochs of the group the owner itself is refused: it is to ask again.
            proved.completeExceptionally(fault);
          }
        });
    return proved;
  }

  private Map<TopicPartition, OffsetAndMetadata> committable(
      Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      AssignedPartition owned = assigned.get(partition);
      if (owned != null) {
        owned
            .committable()
            .ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset)));
      }
    }
    return offsets;
  }

  private void noteCommitted(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach((partition, offset) -> {
      AssignedPartition owned = assigned.get(partition);
      if (owned != null) {
        owned.committed(offset.offset());
      }
    });
  }
}
