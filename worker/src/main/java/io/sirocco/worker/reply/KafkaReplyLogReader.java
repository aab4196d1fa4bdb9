package io.sirocco.worker.reply;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.json.JsonCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Reads reply logs with one consumer at a time, which is assigned to as many of them at once as are asked for:
 * whoever takes a partition over asks for all its requests together.
 *
 * <p>Thread-safe; the consumers are used on the reader's thread alone.
 */
public final class KafkaReplyLogReader implements ReplyLogReader {
  private static final Duration POLL = Duration.ofMillis(20);

  /** How long a topic may take from its creation until all brokers know it. */
  private static final Duration CREATION = Duration.ofSeconds(2);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Admin admin;
  private final RenewedConsumer consumers;
  private final Executor readerThread;
  private final Duration patience;
  private final BlockingQueue<LogSpan> asked = new LinkedBlockingQueue<>();
  private final JsonCodec codec = new JsonCodec();

  /**
   * Uses, and does not close, the clients.
   *
   * @param consumers read what is not committed, too; used by nobody else
   * @param readerThread runs its tasks one after the other
   * @param patience how long a reading may take
   */
  public KafkaReplyLogReader(
      Admin admin, RenewedConsumer consumers, Executor readerThread, Duration patience) {
    this.admin = admin;
    this.consumers = consumers;
    this.readerThread = readerThread;
    this.patience = patience;
  }

  @Override
  public CompletionStage<LogReading> read(ReplyLog log, long through) {
    LogSpan span = new LogSpan(log, through, codec);
    asked.add(span);
    readerThread.execute(this::readAll);
    return span.found();
  }

  private void readAll() {
    List<LogSpan> spans = new ArrayList<>();
    asked.drainTo(spans);
    try {
      read(locate(findTopics(spans)));
    } catch (RuntimeException e) {
      fail(spans, e);
    }
  }

  private void read(List<LogSpan> spans) {
    try {
      fetch(spans, deadline());
    } catch (TimeoutException e) {
      fail(spans, e); // They had their time; whoever claims asks again.
    } catch (RuntimeException e) {
      apart(open(spans), e);
    }
  }

  private long deadline() {
    return System.nanoTime() + patience.toNanos();
  }

  /**
   * One at a time, so that a partition which cannot be read fails those alone who asked for it; all
   * together have the time of one reading.
   */
  private void apart(List<LogSpan> spans, RuntimeException fault) {
    Map<TopicPartition, List<LogSpan>> byPartition =
        spans.stream().collect(Collectors.groupingBy(LogSpan::partition));
    if (byPartition.size() == 1) {
      fail(spans, fault);
      return;
    }
    long deadline = deadline();
    for (List<LogSpan> alone : byPartition.values()) {
      try {
        fetch(alone, deadline);
      } catch (RuntimeException e) {
        fail(alone, e);
      }
    }
  }

  /** Whoever asked waits for an answer, whatever it is. */
  private void fail(List<LogSpan> spans, RuntimeException fault) {
    consumers.assigned(Set.of());
    open(spans).forEach(span -> span.found().completeExceptionally(fault));
  }

  private static List<LogSpan> open(List<LogSpan> spans) {
    return spans.stream().filter(LogSpan::isOpen).toList();
  }

  /**
   * A consumer waits in vain for a topic that does not exist; so it is looked up before.
   *
   * @return the spans of topics that exist
   */
  private List<LogSpan> findTopics(List<LogSpan> spans) {
    List<LogSpan> found = new ArrayList<>();
    Set<String> topics =
        spans.stream().map(span -> span.log().address().topic()).collect(Collectors.toSet());
    DescribeTopicsOptions options =
        new DescribeTopicsOptions().timeoutMs(Math.toIntExact(patience.toMillis()));
    var described = admin.describeTopics(topics, options).topicNameValues();
    for (LogSpan span : spans) {
      ReplyAddress address = span.log().address();
      requireNonNull(described.get(address.topic()))
          .toCompletionStage()
          .whenComplete((topic, fault) -> {
            if (fault == null) {
              found(span, topic.partitions().size());
              found.add(span);
            } else if (fault instanceof UnknownTopicOrPartitionException
                && span.isYoungerThan(CREATION)) {
              lookAgain(span);
            } else if (fault instanceof UnknownTopicOrPartitionException
                || fault instanceof InvalidTopicException) {
              gone(span, "none");
            } else {
              span.found().completeExceptionally(fault);
            }
          })
          .handle((topic, fault) -> topic)
          .toCompletableFuture()
          .join();
    }
    return found;
  }

  /** A topic may be so new that this broker has not heard of it yet. */
  private void lookAgain(LogSpan span) {
    CompletableFuture.delayedExecutor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS, readerThread)
        .execute(() -> {
          asked.add(span);
          readAll();
        });
  }

  private static void found(LogSpan span, int partitions) {
    if (span.log().address().partition() >= partitions) {
      gone(span, "a topic with %d partitions".formatted(partitions));
    }
  }

  private static void gone(LogSpan span, String found) {
    span.found()
        .complete(new LogReading.Gone("expected partition %d of reply topic '%s', found %s"
            .formatted(span.log().address().partition(), span.log().address().topic(), found)));
  }

  /**
   * Asks where all partitions begin and end, at once: those that nobody leads are waited for together,
   * and hold the others up for no longer than one of them.
   *
   * @return the spans that are to be read
   */
  private List<LogSpan> locate(List<LogSpan> spans) {
    List<LogSpan> open = open(spans);
    Set<TopicPartition> partitions =
        open.stream().map(LogSpan::partition).collect(Collectors.toSet());
    ListOffsetsResult beginnings = offsets(partitions, OffsetSpec.earliest());
    ListOffsetsResult ends = offsets(partitions, OffsetSpec.latest());
    Map<LogSpan, ListOffsetsResult> since = open.stream()
        .filter(span -> span.log().begin().isEmpty())
        .collect(Collectors.toMap(span -> span, this::sinceRequested));
    for (LogSpan span : open) {
      try {
        ListOffsetsResult first = since.get(span);
        span.locate(
            offset(beginnings, span), offset(ends, span), first == null ? -1 : offset(first, span));
      } catch (CompletionException e) {
        span.found().completeExceptionally(e);
      }
    }
    return open(open);
  }

  private ListOffsetsResult sinceRequested(LogSpan span) {
    long since = Math.max(0, span.log().requestedMillis() - ReplyLog.CLOCKS_APART_MILLIS);
    return offsets(Set.of(span.partition()), OffsetSpec.forTimestamp(since));
  }

  private ListOffsetsResult offsets(Set<TopicPartition> partitions, OffsetSpec spec) {
    return admin.listOffsets(
        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec)),
        new ListOffsetsOptions().timeoutMs(Math.toIntExact(patience.toMillis())));
  }

  /** The first offset that {@code listed} says, or -1 when there is none. */
  private static long offset(ListOffsetsResult listed, LogSpan span) {
    return listed
        .partitionResult(span.partition())
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .offset();
  }

  private void fetch(List<LogSpan> spans, long deadline) {
    spans.forEach(LogSpan::rewind);
    Map<TopicPartition, List<LogSpan>> byPartition = spans.stream()
        .collect(Collectors.groupingBy(LogSpan::partition, HashMap::new, Collectors.toList()));
    Consumer<String, byte[]> consumer = consumers.assigned(byPartition.keySet());
    byPartition.forEach((partition, all) ->
        consumer.seek(partition, all.stream().mapToLong(LogSpan::begin).min().orElseThrow()));
    reached(byPartition, consumer);
    while (!byPartition.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("expected to read reply logs within " + patience);
      }
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        byPartition.getOrDefault(partition, List.of()).forEach(span -> span.accept(record));
      }
      reached(byPartition, consumer);
    }
    consumers.assigned(Set.of());
  }

  /** Takes those out that are read. */
  private void reached(
      Map<TopicPartition, List<LogSpan>> byPartition, Consumer<String, byte[]> consumer) {
    byPartition.forEach((partition, spans) -> {
      long position = consumer.position(partition, patience);
      spans.forEach(span -> span.reached(position));
    });
    byPartition.values().removeIf(spans -> spans.stream().noneMatch(LogSpan::isOpen));
    if (!consumer.assignment().equals(byPartition.keySet())) {
      consumer.pause(consumer.assignment().stream()
          .filter(partition -> !byPartition.containsKey(partition))
          .toList());
    }
  }
}
