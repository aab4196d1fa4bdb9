package io.sirocco.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all reply topics of a client with one consumer at a time and hands each record to its answer.
 *
 * <p>Topics are added before they are needed: a fetch that is under way when a topic is added does
 * not see it.
 *
 * <p>Thread-safe; the consumer is confined to the hub's thread, but for its metrics.
 */
final class ReplyHub {
  private static final Logger LOG = LoggerFactory.getLogger(ReplyHub.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ERROR_PAUSE = Duration.ofMillis(500);

  /** Each takes some 10 KiB in a consumer that has read it, for as long as that lives. */
  private static final int MOST_TOPICS = 500;

  private final HubConsumer consumer;
  private final HubAssignment assignment;
  private final Thread thread;
  private final HubReaders readers = new HubReaders();
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private volatile boolean running = true;
  private volatile Duration closeTimeout = Duration.ZERO;

  /**
   * @param connect makes consumers that are alike, without a group
   */
  ReplyHub(Supplier<Consumer<byte[], byte[]>> connect, String threadName) {
    this(new HubConsumer(connect, MOST_TOPICS), threadName);
  }

  ReplyHub(HubConsumer consumer, String threadName) {
    this.consumer = consumer;
    this.assignment = new HubAssignment(consumer);
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Begins to read at those places; the future completes when they are assigned. */
  CompletableFuture<Void> add(Collection<ReplyAddress> addresses) {
    addresses.forEach(address -> positions.putIfAbsent(address.partition(), address.offset()));
    return wakeFor(assignment.add(addresses));
  }

  /** Stops reading those places; the future completes when they are no longer assigned. */
  CompletableFuture<Void> remove(Collection<ReplyAddress> addresses) {
    addresses.forEach(address -> positions.remove(address.partition()));
    return wakeFor(assignment.remove(addresses));
  }

  /** Hands the records of the answer that are read at {@code address} from now on to {@code answer}. */
  void open(ReplyAddress address, OpenAnswer answer) {
    answer.begin(address);
    readers.add(address.partition(), answer);
  }

  /** Hands nothing more to {@code answer}. */
  void leave(ReplyAddress address, OpenAnswer answer) {
    readers.remove(address.partition(), answer);
  }

  /** Stops reading that place before long. */
  void finish(ReplyAddress address) {
    positions.remove(address.partition());
    assignment.finish(address);
  }

  /**
   * Up to where a partition has been read, so that nothing that is written later is before; null when
   * it is not read, or no longer, as its next record was lost.
   */
  @Nullable
  Long position(TopicPartition partition) {
    return positions.get(partition);
  }

  /** What Kafka measures of the consumer. */
  Map<MetricName, ? extends Metric> metrics() {
    return consumer.now().metrics();
  }

  /** Ends the thread and closes the consumer, within the time that is left. */
  void close(Deadline deadline) {
    closeTimeout = deadline.remaining();
    running = false;
    wake();
    try {
      thread.join(Math.max(1, deadline.remaining().toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CompletableFuture<Void> wakeFor(CompletableFuture<Void> change) {
    wake();
    if (!running) {
      assignment.refuse();
    }
    return change;
  }

  private void wake() {
    consumer.now().wakeup();
    LockSupport.unpark(thread);
  }

  private void run() {
    while (running) {
      step();
    }
    assignment.refuse();
    consumer.close(closeTimeout);
  }

  /** Does one round: a change of the consumer, changes of the assignment, then one poll. Never throws. */
  void step() {
    try {
      consumer.renew();
      assignment.apply();
      if (assignment.isEmpty()) {
        LockSupport.parkNanos(POLL.toNanos());
      } else {
        dispatch(consumer.now().poll(POLL));
      }
    } catch (WakeupException e) {
      // A change is waiting, or the end.
    } catch (OffsetOutOfRangeException e) {
      lose(e.offsetOutOfRangePartitions().keySet());
    } catch (RuntimeException e) {
      // An interrupt of this thread, which nobody has a reason for, would make every poll fail.
      Thread.interrupted();
      LOG.warn("Reading replies failed, trying again: {}", e.toString());
      LockSupport.parkNanos(ERROR_PAUSE.toNanos());
    }
  }

  private void dispatch(ConsumerRecords<byte[], byte[]> kafkaRecords) {
    for (TopicPartition partition : kafkaRecords.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> batch = kafkaRecords.records(partition);
      long next = batch.get(batch.size() - 1).offset() + 1;
      positions.computeIfPresent(partition, (known, position) -> Math.max(position, next));
      for (ConsumerRecord<byte[], byte[]> kafkaRecord : batch) {
        readers.of(partition, kafkaRecord).forEach(answer -> accept(answer, kafkaRecord));
      }
    }
  }

  /** One answer's fault is not to be another's. */
  private static void accept(OpenAnswer answer, ConsumerRecord<byte[], byte[]> kafkaRecord) {
    try {
      answer.accept(kafkaRecord);
    } catch (RuntimeException e) {
      answer.fail(new ReplyLostException(
          "request " + answer.requestId() + ": the record at offset " + kafkaRecord.offset()
              + " of its answer cannot be read",
          e));
    }
  }

  /** The log no longer holds what comes next: to go on elsewhere would leave a hole. */
  private void lose(Set<TopicPartition> partitions) {
    assignment.drop(partitions);
    for (TopicPartition partition : partitions) {
      positions.remove(partition);
      readers
          .all(partition)
          .forEach(answer -> answer.fail(new ReplyLostException(
              "request " + answer.requestId() + ": the next record of its answer is no longer in "
                  + partition,
              null)));
    }
  }
}
