package io.sirocco.worker.closing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Brokers as a closer sees them: what was committed, and whose transactions count. Faults are planned
 * by the test, one for each call.
 *
 * <p>Not thread-safe.
 */
public final class ClosingLog {
  /** What goes wrong. */
  public enum Fault {
    /** The call is made, and goes well. */
    NONE,
    /** The request is lost on its way. */
    LOST,
    /** The request arrives, and its answer is lost. */
    UNHEARD,
    /** The group does not know the member. */
    REFUSED,
    /** Something else. */
    FAILED
  }

  private final BiConsumer<TopicPartition, OffsetAndMetadata> onCommit;
  private final Map<TopicPartition, Integer> epochs = new HashMap<>();
  private final List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
  private final List<OffsetAndMetadata> offsets = new ArrayList<>();
  private final List<ConsumerGroupMetadata> groups = new ArrayList<>();

  /** What happens to the next calls, by their names. */
  private final Map<String, Deque<Fault>> faults = new HashMap<>();

  private int largest = Integer.MAX_VALUE;
  private int transactions;

  /** Tells {@code onCommit} of every offset that is committed. */
  public ClosingLog(BiConsumer<TopicPartition, OffsetAndMetadata> onCommit) {
    this.onCommit = onCommit;
  }

  /** The next calls of {@code call} meet these faults. */
  public void plan(String call, Fault... planned) {
    faults.computeIfAbsent(call, name -> new ArrayDeque<>()).addAll(List.of(planned));
  }

  /** From now on records with more bytes than that are refused. */
  public void refuseAbove(int bytes) {
    largest = bytes;
  }

  /** What was committed. */
  public List<ProducerRecord<String, byte[]>> records() {
    return records;
  }

  /** The offsets that were committed, one for each transaction. */
  public List<OffsetAndMetadata> offsets() {
    return offsets;
  }

  /** In whose name. */
  public List<ConsumerGroupMetadata> groups() {
    return groups;
  }

  /** How many transactions were begun. */
  public int transactions() {
    return transactions;
  }

  /** Returns a new producer for the closings of {@code partition}. */
  public ClosingProducer producer(TopicPartition partition) {
    return new Fake(partition);
  }

  private void meet(String call) {
    Deque<Fault> planned = faults.get(call);
    Fault fault = planned == null || planned.isEmpty() ? Fault.NONE : planned.remove();
    switch (fault) {
      case LOST -> throw new TimeoutException("planned");
      case REFUSED -> throw new CommitFailedException("planned");
      case FAILED -> throw new KafkaException("planned");
      default -> {}
    }
  }

  private boolean isUnheard(String call) {
    Deque<Fault> planned = faults.get(call);
    return planned != null && planned.peek() == Fault.UNHEARD;
  }

  private final class Fake implements ClosingProducer {
    private final TopicPartition partition;
    private int epoch;
    private boolean open;
    private boolean failed;
    private boolean unheard;
    private final List<ProducerRecord<String, byte[]>> pending = new ArrayList<>();
    private OffsetAndMetadata offset = new OffsetAndMetadata(0);
    private @Nullable ConsumerGroupMetadata group;

    Fake(TopicPartition partition) {
      this.partition = partition;
    }

    @Override
    public void init() {
      meet("init");
      epoch = epochs.merge(partition, 1, Integer::sum);
    }

    @Override
    public void begin() {
      requireOpen(false);
      open = true;
      transactions++;
      pending.clear();
    }

    @Override
    public CompletionStage<Void> send(ProducerRecord<String, byte[]> record) {
      requireOpen(true);
      if (record.value() != null && record.value().length > largest) {
        failed = true;
        return CompletableFuture.failedFuture(new RecordTooLargeException("planned"));
      }
      pending.add(record);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void offsets(OffsetAndMetadata next, ConsumerGroupMetadata by) {
      requireOpen(true);
      requireOwner();
      meet("offsets");
      offset = next;
      group = by;
    }

    @Override
    public void commit() {
      if (unheard) { // As the brokers do with a repeated request.
        unheard = false;
        return;
      }
      requireOpen(true);
      requireOwner();
      if (failed) {
        throw new KafkaException("a record failed");
      }
      boolean lostAnswer = isUnheard("commit");
      meet("commit");
      open = false;
      records.addAll(pending);
      offsets.add(offset);
      groups.add(Objects.requireNonNull(group));
      onCommit.accept(partition, offset);
      if (lostAnswer) {
        unheard = true;
        throw new TimeoutException("planned");
      }
    }

    @Override
    public void abort() {
      requireOwner();
      meet("abort");
      open = false;
      failed = false;
    }

    @Override
    public void close() {}

    private void requireOwner() {
      if (!Integer.valueOf(epoch).equals(epochs.get(partition))) {
        throw new ProducerFencedException("a later owner began");
      }
    }

    private void requireOpen(boolean expected) {
      if (open != expected) {
        throw new IllegalStateException("expected a transaction to be open: " + expected);
      }
    }
  }
}
