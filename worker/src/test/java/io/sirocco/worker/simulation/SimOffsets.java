package io.sirocco.worker.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The committed offsets of the group, and those in transactions that have not ended.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimOffsets {
  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final List<SimTransaction> pending = new ArrayList<>();
  private final List<BiConsumer<TopicPartition, OffsetAndMetadata>> listeners = new ArrayList<>();

  /** Has {@code listener} hear of every commit. */
  void onCommit(BiConsumer<TopicPartition, OffsetAndMetadata> listener) {
    listeners.add(listener);
  }

  void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    committed.putAll(offsets);
    offsets.forEach((p, offset) -> listeners.forEach(listener -> listener.accept(p, offset)));
  }

  void commitLater(SimTransaction transaction, Map<TopicPartition, OffsetAndMetadata> offsets) {
    transaction.offsets().putAll(offsets);
    pending.add(transaction);
  }

  /** What is committed, whatever may become of open transactions; null when nothing is. */
  @Nullable
  OffsetAndMetadata committed(TopicPartition partition) {
    return committed.get(partition);
  }

  /** Whether no open transaction will say more about that partition. */
  boolean isStable(TopicPartition partition) {
    pending.removeIf(transaction -> !transaction.isOpen());
    return pending.stream().noneMatch(transaction -> transaction.offsets().containsKey(partition));
  }
}
