package io.sirocco.worker.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.closing.ClosingProducer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class MeasuredClosingProducerTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private boolean brokersAway;
  private final ClosingProducer producer =
      new ClosingMetrics(registry, Tags.empty(), System::nanoTime).measure(new Broker());

  @Test
  void aTransactionIsOpenUntilItsCommit() {
    producer.begin();
    assertThat(open()).isOne();
    producer.commit();

    assertThat(open()).isZero();
    assertThat(ended("committed")).isOne();
  }

  @Test
  void aCommitThatNobodyKnowsOfStaysOpenUntilItIsRepeated() {
    producer.begin();
    brokersAway = true;
    assertThatThrownBy(producer::commit).isInstanceOf(TimeoutException.class);
    assertThat(open()).isOne();
    brokersAway = false;
    producer.commit();

    assertThat(open()).isZero();
    assertThat(ended("committed")).isOne();
    assertThat(ended("failed")).isZero();
  }

  @Test
  void anAbortedTransactionHasFailed() {
    producer.begin();
    producer.abort();

    assertThat(open()).isZero();
    assertThat(ended("failed")).isOne();
  }

  @Test
  void aPartitionThatIsLeftHasNoOpenTransaction() {
    producer.begin();
    producer.close();

    assertThat(open()).isZero();
  }

  private double open() {
    return registry.get("sirocco.closing.transactions").gauge().value();
  }

  private long ended(String outcome) {
    return registry
        .get("sirocco.closing.transaction")
        .tag("outcome", outcome)
        .timer()
        .count();
  }

  private final class Broker implements ClosingProducer {
    @Override
    public void init() {}

    @Override
    public void begin() {}

    @Override
    public CompletionStage<Void> send(ProducerRecord<String, byte[]> record) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void offsets(OffsetAndMetadata offset, ConsumerGroupMetadata group) {}

    @Override
    public void commit() {
      if (brokersAway) {
        throw new TimeoutException("away");
      }
    }

    @Override
    public void abort() {}

    @Override
    public void close() {}
  }
}
