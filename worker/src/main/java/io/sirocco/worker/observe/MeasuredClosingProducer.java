package io.sirocco.worker.observe;

import io.sirocco.worker.closing.ClosingProducer;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Tells {@link ClosingMetrics} of the transactions of one producer. One whose commit is not known to be
 * done stays open until it is repeated, aborted or left.
 *
 * <p>Not thread-safe, as its producer.
 */
final class MeasuredClosingProducer implements ClosingProducer {
  private final ClosingProducer producer;
  private final ClosingMetrics metrics;
  private @Nullable Long begunNanos;

  MeasuredClosingProducer(ClosingProducer producer, ClosingMetrics metrics) {
    this.producer = producer;
    this.metrics = metrics;
  }

  @Override
  public void init() {
    producer.init();
  }

  @Override
  public void begin() {
    producer.begin();
    end(false); // A transaction of which nothing was heard.
    begunNanos = metrics.begin();
  }

  @Override
  public CompletionStage<Void> send(ProducerRecord<String, byte[]> record) {
    return producer.send(record);
  }

  @Override
  public void offsets(OffsetAndMetadata offset, ConsumerGroupMetadata group) {
    producer.offsets(offset, group);
  }

  @Override
  public void commit() {
    producer.commit();
    end(true);
  }

  @Override
  public void abort() {
    producer.abort();
    end(false);
  }

  @Override
  public void close() {
    end(false);
    producer.close();
  }

  private void end(boolean done) {
    Long begun = begunNanos;
    begunNanos = null;
    if (begun != null) {
      metrics.end(begun, done);
    }
  }
}
