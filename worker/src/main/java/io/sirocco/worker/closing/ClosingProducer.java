package io.sirocco.worker.closing;

import io.sirocco.worker.offsets.CommitMetadata;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * The transactional producer of one request partition, under a name that each owner of the partition
 * has in turn.
 *
 * <p>Calls come one after the other and wait for the brokers. A call that cannot be done throws what
 * Kafka's own producer throws: a {@link org.apache.kafka.common.errors.TimeoutException} when nobody
 * knows whether it was done, and it may be called again; one that says so when
 * the partition is somebody else's; any other {@link KafkaException} when the transaction is to be
 * aborted.
 *
 * <p>Not thread-safe; its owner makes one call at a time.
 */
public interface ClosingProducer extends AutoCloseable {
  /** Aborts what an earlier owner left open, and refuses whatever that still sends. Comes first. */
  void init();

  /** Begins a transaction. */
  void begin();

  /**
   * Adds {@code record} to the transaction; the stage ends when it is acknowledged, or with what was
   * found, and never waits for another call than {@link #commit}.
   */
  CompletionStage<Void> send(ProducerRecord<String, byte[]> record);

  /**
   * Adds the offset to be committed to the transaction.
   *
   * @param offset with the text of {@link CommitMetadata}
   * @param group in whose name it is committed
   */
  void offsets(OffsetAndMetadata offset, ConsumerGroupMetadata group);

  /** Commits all of it, or nothing. */
  void commit();

  /** Aborts the transaction. */
  void abort();

  /** Leaves at once, and leaves an open transaction to the next owner. */
  @Override
  void close();
}
