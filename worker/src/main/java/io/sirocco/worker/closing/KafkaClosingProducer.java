package io.sirocco.worker.closing;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Closes with Kafka's transactional producer, which it owns.
 *
 * <p>Not thread-safe; its owner makes one call at a time.
 */
public final class KafkaClosingProducer implements ClosingProducer {
  private final TopicPartition partition;
  private final Producer<String, byte[]> producer;

  /**
   * @param partition of the requests
   * @param producer has the transactional id of {@code partition} and of the group
   */
  public KafkaClosingProducer(TopicPartition partition, Producer<String, byte[]> producer) {
    this.partition = partition;
    this.producer = producer;
  }

  @Override
  public void init() {
    producer.initTransactions();
  }

  @Override
  public void begin() {
    producer.beginTransaction();
  }

  @Override
  public CompletionStage<Void> send(ProducerRecord<String, byte[]> record) {
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    var unused = producer.send(record, (metadata, fault) -> {
      if (fault == null) {
        acknowledged.complete(null);
      } else {
        acknowledged.completeExceptionally(fault);
      }
    });
    return acknowledged;
  }

  @Override
  public void offsets(OffsetAndMetadata offset, ConsumerGroupMetadata group) {
    producer.sendOffsetsToTransaction(Map.of(partition, offset), group);
  }

  @Override
  public void commit() {
    producer.commitTransaction();
  }

  @Override
  public void abort() {
    producer.abortTransaction();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
