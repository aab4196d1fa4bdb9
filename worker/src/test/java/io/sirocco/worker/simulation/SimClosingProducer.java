package io.sirocco.worker.simulation;

import io.sirocco.worker.closing.ClosingProducer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Closes the requests of one partition through the transactional producer of a process.
 *
 * @param partition whose offsets are committed
 */
record SimClosingProducer(TopicPartition partition, SimProducer producer)
    implements ClosingProducer {
  @Override
  public void init() {
    producer.init();
  }

  @Override
  public void begin() {
    producer.begin();
  }

  /** Records never fail by themselves: what fails is their transaction. */
  @Override
  public CompletionStage<Void> send(ProducerRecord<String, byte[]> record) {
    producer.send(record);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void offsets(OffsetAndMetadata offset, ConsumerGroupMetadata group) {
    producer.sendOffsets(Map.of(partition, offset), group);
  }

  @Override
  public void commit() {
    producer.commit();
  }

  @Override
  public void abort() {
    producer.abort();
  }

  @Override
  public void close() {}
}
