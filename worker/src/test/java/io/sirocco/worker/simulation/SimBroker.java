package io.sirocco.worker.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.topic.Headers;
import io.sirocco.worker.intake.GroupProtocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Brokers that never fail: topics, one group, its offsets, and transactions. What happens to messages
 * on their way is the network's business.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimBroker {
  private static final List<String> SHOWN = List.of(
      Headers.EVENT,
      Headers.WRITER,
      Headers.ATTEMPT,
      Headers.SEQUENCE,
      Headers.TOKEN_IDS,
      Headers.CE_ID);

  private final Simulation simulation;
  private final Map<String, List<SimLog>> topics = new HashMap<>();
  private final SimOffsets offsets = new SimOffsets();
  private final SimTransactions transactions;
  private final SimGroup group;
  private long changes;

  /**
   * @param requests the topic that the group is for
   * @param sessionMillis after which the group forgets who is silent
   * @param transactionMillis after which an open transaction is aborted
   * @param protocol of the group
   */
  SimBroker(
      Simulation simulation,
      String requests,
      int partitions,
      long sessionMillis,
      long transactionMillis,
      GroupProtocol protocol) {
    this.simulation = simulation;
    create(requests, partitions);
    group = new SimGroup(partitions(requests), sessionMillis, protocol);
    transactions = new SimTransactions(transactionMillis, transaction -> {
      changes++;
      simulation.note("committed %s", Map.copyOf(transaction.offsets()));
      offsets.commit(transaction.offsets());
    });
  }

  void create(String topic, int partitions) {
    topics.put(topic, Stream.generate(SimLog::new).limit(partitions).toList());
  }

  void delete(String topic) {
    topics.remove(topic);
  }

  List<TopicPartition> partitions(String topic) {
    List<SimLog> logs = topics.getOrDefault(topic, List.of());
    return IntStream.range(0, logs.size())
        .mapToObj(number -> new TopicPartition(topic, number))
        .toList();
  }

  /**
   * The log of a partition.
   *
   * @throws UnknownTopicOrPartitionException when there is none
   */
  SimLog log(TopicPartition partition) {
    SimLog log = find(partition);
    if (log == null) {
      throw new UnknownTopicOrPartitionException("no partition " + partition);
    }
    return log;
  }

  /** The log of a partition, or null. */
  @Nullable
  SimLog find(TopicPartition partition) {
    List<SimLog> logs = topics.getOrDefault(partition.topic(), List.of());
    return partition.partition() < logs.size() ? logs.get(partition.partition()) : null;
  }

  /** Appends a record; without a partition, to the one that its key says. */
  long append(ProducerRecord<String, byte[]> record, @Nullable SimTransaction transaction) {
    SimLog log = log(partitionOf(record));
    changes++;
    if (transaction != null) {
      transaction.logs().add(log);
    }
    long offset = log.append(record, simulation.nowMillis(), transaction);
    simulation.note("%s@%d: %s", partitionOf(record), offset, lazily(record));
    return offset;
  }

  private static Object lazily(ProducerRecord<String, byte[]> record) {
    return new Object() {
      @Override
      public String toString() {
        StringBuilder text = new StringBuilder(String.valueOf(record.key()));
        for (String name : SHOWN) {
          Header header = record.headers().lastHeader(name);
          if (header != null) {
            text.append(' ').append(name).append('=').append(new String(header.value(), UTF_8));
          }
        }
        return text.toString();
      }
    };
  }

  /** Where a record goes. */
  TopicPartition partitionOf(ProducerRecord<String, byte[]> record) {
    Integer partition = record.partition();
    if (partition == null) {
      int count = topics.getOrDefault(record.topic(), List.of()).size();
      partition =
          count == 0 || record.key() == null ? 0 : Math.floorMod(record.key().hashCode(), count);
    }
    return new TopicPartition(record.topic(), partition);
  }

  /** Commits offsets in no transaction. */
  void commit(ConsumerGroupMetadata member, Map<TopicPartition, OffsetAndMetadata> committed) {
    group.expire(simulation.nowMillis());
    group.requireMayCommit(member, committed.keySet());
    changes++;
    offsets.commit(committed);
  }

  /** Adds offsets to a transaction; whether they may be committed is looked at now and never again. */
  void commitIn(
      SimTransaction transaction,
      ConsumerGroupMetadata member,
      Map<TopicPartition, OffsetAndMetadata> committed) {
    group.expire(simulation.nowMillis());
    group.requireMayCommit(member, committed.keySet());
    offsets.commitLater(transaction, committed);
  }

  /** Counts what readers may see. */
  long changes() {
    return changes;
  }

  SimGroup group() {
    return group;
  }

  SimOffsets offsets() {
    return offsets;
  }

  SimTransactions transactions() {
    return transactions;
  }
}
