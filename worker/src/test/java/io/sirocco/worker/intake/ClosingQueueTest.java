package io.sirocco.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.closing.CloseOutcome;
import io.sirocco.worker.closing.ClosingLog;
import io.sirocco.worker.closing.ClosingLog.Fault;
import io.sirocco.worker.closing.PartitionCloser;
import io.sirocco.worker.offsets.OffsetLedger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ClosingQueueTest {
  private static final TopicPartition PARTITION = new TopicPartition("chat.requests.demo", 3);

  private final ClosingLog log = new ClosingLog((partition, offset) -> {});
  private final OffsetLedger ledger = new OffsetLedger(5);
  private final Deque<Runnable> held = new ArrayDeque<>();
  private boolean holding;
  private long nanos;

  @Test
  void aProofIsATransactionOfTheUnchangedOffset() {
    ClosingQueue queue = queue(GroupProtocol.CONSUMER, group());
    var proof = queue.prove().toCompletableFuture();
    assertThat(proof).isNotDone();

    advance(queue);

    assertThat(proof).isCompletedWithValue(true);
    assertThat(log.offsets()).extracting(OffsetAndMetadata::offset).containsExactly(5L);
    assertThat(log.records()).isEmpty();
  }

  @Test
  void proofsShareATransactionThatBeginsAfterThem() {
    ClosingQueue queue = queue(GroupProtocol.CONSUMER, group());
    var one = queue.prove().toCompletableFuture();
    var other = queue.prove().toCompletableFuture();

    advance(queue);

    assertThat(one).isCompletedWithValue(true);
    assertThat(other).isCompletedWithValue(true);
    assertThat(log.transactions()).isEqualTo(1);
  }

  @Test
  void nothingIsProvedByAGroupThatRefuses() {
    ClosingQueue queue = queue(GroupProtocol.CONSUMER, group());
    log.plan("offsets", Fault.REFUSED);
    var proof = queue.prove().toCompletableFuture();

    advance(queue);

    assertThat(proof).isCompletedWithValue(false);
    assertThat(queue.isOver()).isTrue();
    assertThat(queue.prove().toCompletableFuture()).isCompletedWithValue(false);
  }

  @Test
  void aProofOfUnknownOutcomeWaitsForTheOutcome() {
    ClosingQueue queue = queue(GroupProtocol.CONSUMER, group());
    log.plan("commit", Fault.LOST);
    var proof = queue.prove().toCompletableFuture();
    advance(queue);
    assertThat(proof).isNotDone();

    nanos += Duration.ofSeconds(1).toNanos();
    advance(queue);

    assertThat(proof).isCompletedWithValue(true);
    assertThat(log.transactions()).isEqualTo(1);
  }

  @Test
  void aNewerNameIsNotTakenInTheConsumerProtocol() {
    ConsumerGroupMetadata assigned = group();
    ClosingQueue queue = queue(GroupProtocol.CONSUMER, assigned);
    queue.renew(group());
    var proof = queue.prove().toCompletableFuture();

    advance(queue);

    assertThat(proof).isCompletedWithValue(true);
    assertThat(log.groups()).hasSize(1).first().isSameAs(assigned);
  }

  @Test
  void aStaleNameOfTheClassicProtocolWaitsForTheRebalance() {
    ConsumerGroupMetadata renewed = group();
    ClosingQueue queue = queue(GroupProtocol.CLASSIC, group());
    log.plan("offsets", Fault.REFUSED);
    var proof = queue.prove().toCompletableFuture();
    advance(queue);
    advance(queue);
    assertThat(log.transactions()).isEqualTo(1);
    assertThat(queue.isOver()).isFalse();

    queue.renew(renewed);
    advance(queue);

    assertThat(proof).isCompletedWithValue(true);
    assertThat(log.groups()).hasSize(1).first().isSameAs(renewed);
  }

  @Test
  void aRefusalThatIsHeardAfterTheRebalanceIsOfTheNameBefore() {
    ConsumerGroupMetadata renewed = group();
    ClosingQueue queue = queue(GroupProtocol.CLASSIC, group());
    log.plan("offsets", Fault.REFUSED);
    var proof = queue.prove().toCompletableFuture();
    holding = true;
    advance(queue);
    queue.renew(renewed);
    holding = false;
    held.remove().run();

    advance(queue);
    advance(queue);

    assertThat(proof).isCompletedWithValue(true);
    assertThat(log.groups()).hasSize(1).first().isSameAs(renewed);
  }

  @Test
  void transactionsAreApart() {
    ClosingQueue queue = queue(GroupProtocol.CONSUMER, group());
    var first = queue.prove().toCompletableFuture();
    advance(queue);
    assertThat(first).isCompletedWithValue(true);
    var next = queue.prove().toCompletableFuture();

    queue.advance(ledger, record -> {});
    assertThat(next).isNotDone();
    advance(queue);

    assertThat(next).isCompletedWithValue(true);
  }

  private void execute(Runnable task) {
    if (holding) {
      held.add(task);
    } else {
      task.run();
    }
  }

  private ClosingQueue queue(GroupProtocol protocol, ConsumerGroupMetadata group) {
    PartitionCloser closer =
        new PartitionCloser(PARTITION, () -> log.producer(PARTITION), this::execute, () -> {});
    assertThat(closer.begin()).isCompletedWithValue(CloseOutcome.DONE);
    return new ClosingQueue(closer, protocol, group, new IntakeClock(() -> nanos, () -> {}));
  }

  private void advance(ClosingQueue queue) {
    nanos += Duration.ofMillis(20).toNanos();
    queue.advance(ledger, record -> {});
  }

  private static ConsumerGroupMetadata group() {
    return new MockConsumer<String, byte[]>("none").groupMetadata();
  }
}
