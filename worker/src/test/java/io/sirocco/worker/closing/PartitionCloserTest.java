package io.sirocco.worker.closing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.worker.closing.ClosingLog.Fault;
import io.sirocco.worker.offsets.Progress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionCloserTest {
  private static final TopicPartition PARTITION = new TopicPartition("chat.requests.demo", 3);
  private static final ConsumerGroupMetadata GROUP =
      new MockConsumer<String, byte[]>("none").groupMetadata();

  private final ClosingLog log = new ClosingLog((partition, offset) -> {});
  private final PartitionCloser closer = closer(() -> {});

  private PartitionCloser closer(Runnable beforeCommit) {
    return new PartitionCloser(
        PARTITION, () -> log.producer(PARTITION), Runnable::run, beforeCommit);
  }

  @Test
  void eventsAndOffsetAreCommittedInOne() {
    assertThat(begin(closer)).isEqualTo(CloseOutcome.DONE);

    assertThat(close(closer, batch(7, "a", "b"))).isEqualTo(CloseOutcome.DONE);

    assertThat(values()).containsExactly("a", "b");
    assertThat(log.offsets()).hasSize(1);
    assertThat(log.offsets().get(0).offset()).isEqualTo(7);
    assertThat(log.transactions()).isEqualTo(1);
  }

  @Test
  void theHeirShutsOutWhatItsPredecessorStillSends() {
    begin(closer);
    PartitionCloser heir = closer(() -> {});
    begin(heir);

    assertThat(close(closer, batch(7, "zombie"))).isEqualTo(CloseOutcome.OVER);
    assertThat(close(heir, batch(7, "heir"))).isEqualTo(CloseOutcome.DONE);

    assertThat(values()).containsExactly("heir");
  }

  @Test
  void theHeirAbortsWhatWasOpenWhenItsPredecessorDied() {
    PartitionCloser dying = closer(() -> {
      throw new Death();
    });
    begin(dying);
    assertThatThrownBy(() -> close(dying, batch(7, "dying"))).hasCauseInstanceOf(Death.class);

    begin(closer);

    assertThat(values()).isEmpty();
    assertThat(log.offsets()).isEmpty();
  }

  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void aCommitOfUnknownOutcomeThatWasDoneIsNotDoneTwice() {
    begin(closer);
    log.plan("commit", Fault.UNHEARD);

    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.AGAIN);
    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.DONE);

    assertThat(values()).containsExactly("a");
    assertThat(log.transactions()).isEqualTo(1);
  }

  @Test
  void aCommitOfUnknownOutcomeThatWasNotDoneIsRepeatedAndNotReplaced() {
    begin(closer);
    log.plan("commit", Fault.LOST, Fault.LOST);

    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.AGAIN);
    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.AGAIN);
    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.DONE);

    assertThat(values()).containsExactly("a");
    assertThat(log.transactions()).isEqualTo(1);
  }

  @Test
  void aCommitOfUnknownOutcomeIsOverWhenTheHeirHasBegun() {
    begin(closer);
    log.plan("commit", Fault.LOST);
    close(closer, batch(7, "a"));

    begin(closer(() -> {}));

    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.OVER);
    assertThat(values()).isEmpty();
  }

  @Test
  void anOffsetThatTheGroupRefusesAbortsTheEventsToo() {
    begin(closer);
    log.plan("offsets", Fault.REFUSED);

    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.REFUSED);

    assertThat(values()).isEmpty();
    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.DONE);
    assertThat(values()).containsExactly("a");
  }

  @Test
  void anAbortIsMadeUpForBeforeTheNextTransaction() {
    begin(closer);
    log.plan("offsets", Fault.FAILED);
    log.plan("abort", Fault.LOST, Fault.LOST);

    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.AGAIN);
    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.AGAIN);
    assertThat(close(closer, batch(7, "a"))).isEqualTo(CloseOutcome.DONE);

    assertThat(values()).containsExactly("a");
  }

  @Test
  void onlyTheLetterThatIsTooLargeBecomesItsOutline() {
    begin(closer);
    log.refuseAbove(4);
    ClosingBatch batch = new ClosingBatch(
        List.of(
            closing("a", new DeadLetter(record("much too large"), record("-a"))),
            closing("b", new DeadLetter(record("fits"), record("-b")))),
        Progress.at(2),
        GROUP);

    assertThat(close(closer, batch)).isEqualTo(CloseOutcome.DONE);

    assertThat(values()).containsExactly("-a", "a", "fits", "b");
  }

  @Test
  void aFenceThatGetsNoAnswerIsToBeTriedAgain() {
    log.plan("init", Fault.LOST);

    assertThat(begin(closer)).isEqualTo(CloseOutcome.AGAIN);
    assertThat(begin(closer)).isEqualTo(CloseOutcome.DONE);
  }

  @Test
  void aFenceThatIsForbiddenSaysSo() {
    log.plan("init", Fault.FAILED);

    assertThatThrownBy(() -> begin(closer)).hasCauseInstanceOf(KafkaException.class);
  }

  @Test
  void nothingIsClosedAfterTheEnd() {
    begin(closer);
    closer.end();

    assertThat(close(closer, batch(7, "late"))).isEqualTo(CloseOutcome.OVER);
    assertThat(log.transactions()).isZero();
  }

  @Test
  void oneTaskRunsAtATime() {
    Deque<Runnable> tasks = new ArrayDeque<>();
    PartitionCloser queued =
        new PartitionCloser(PARTITION, () -> log.producer(PARTITION), tasks::add, () -> {});
    var begun = queued.begin();
    var closed = queued.close(batch(7, "a"));

    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(begun).isCompletedWithValue(CloseOutcome.DONE);
    assertThat(closed).isCompletedWithValue(CloseOutcome.DONE);
  }

  private static CloseOutcome begin(PartitionCloser closer) {
    return closer.begin().join();
  }

  private static CloseOutcome close(PartitionCloser closer, ClosingBatch batch) {
    return closer.close(batch).join();
  }

  private static ClosingBatch batch(long offset, String... events) {
    return new ClosingBatch(
        List.of(events).stream().map(event -> closing(event, null)).toList(),
        Progress.at(offset),
        GROUP);
  }

  private static Closing closing(String event, @Nullable DeadLetter letter) {
    return new Closing(record(event), letter);
  }

  private static ProducerRecord<String, byte[]> record(String value) {
    return new ProducerRecord<>("topic", value.getBytes(UTF_8));
  }

  private List<String> values() {
    return log.records().stream()
        .map(record -> new String(record.value(), UTF_8))
        .toList();
  }
}
