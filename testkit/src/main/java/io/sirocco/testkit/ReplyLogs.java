package io.sirocco.testkit;

import io.sirocco.contracts.reply.ReplyFold;
import io.sirocco.contracts.reply.ReplyRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the reply logs of a broker as they are, with a reader of its own: not through the client
 * that is under test.
 *
 * <p>Records that are no reply records are left out. Thread-safe.
 */
public final class ReplyLogs {
  private static final Duration POLL = Duration.ofMillis(50);

  private final String bootstrapServers;

  /** Reads from {@code broker}. */
  public ReplyLogs(KafkaBroker broker) {
    bootstrapServers = broker.bootstrapServers();
  }

  /**
   * Reads from {@code offset} until the log read so far satisfies {@code condition}.
   *
   * @throws AssertionError if it does not {@code within} that time; the message shows the log
   */
  public List<ReplyRecord> readUntil(
      TopicPartition partition,
      long offset,
      Predicate<? super List<ReplyRecord>> condition,
      Duration within) {
    long deadlineNanos = System.nanoTime() + within.toNanos();
    List<ReplyRecord> log = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = consumerAt(partition, offset)) {
      while (!condition.test(log)) {
        if (System.nanoTime() - deadlineNanos > 0) {
          throw new AssertionError("expected more of the reply log " + partition + " within "
              + within + ", found " + outline(log));
        }
        poll(consumer, log);
      }
      return log;
    }
  }

  /** Reads from {@code offset} until the answer to {@code requestId} has ended. */
  public List<ReplyRecord> readToTerminal(
      TopicPartition partition, long offset, String requestId, Duration within) {
    return readUntil(
        partition, offset, log -> answer(log, requestId).stream().anyMatch(this::ends), within);
  }

  private boolean ends(ReplyRecord reply) {
    return reply.event().isTerminal();
  }

  /** Reads from {@code offset} to the end that the log has at the time of the call. */
  public List<ReplyRecord> readToEnd(TopicPartition partition, long offset) {
    List<ReplyRecord> log = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = consumerAt(partition, offset)) {
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, offset);
      while (consumer.position(partition) < end) {
        poll(consumer, log);
      }
      return log;
    }
  }

  /** The records of {@code log} that make up the answer to {@code requestId}, starts included. */
  public static List<ReplyRecord> answer(List<ReplyRecord> log, String requestId) {
    ReplyFold fold = new ReplyFold(requestId);
    return log.stream()
        .filter(reply -> fold.accept(reply) != ReplyFold.Effect.DROPPED)
        .toList();
  }

  /** The log in one line, without its bodies. */
  static String outline(List<ReplyRecord> log) {
    return log.size()
        + " records "
        + log.stream()
            .map(reply -> "%d:%s(%s#%d%s)"
                .formatted(
                    reply.offset(),
                    reply.event().wireName(),
                    reply.writer(),
                    reply.attempt(),
                    reply.sequence() == null ? "" : " " + reply.sequence()))
            .toList();
  }

  private static void poll(Consumer<byte[], byte[]> consumer, List<ReplyRecord> log) {
    for (ConsumerRecord<byte[], byte[]> polled : consumer.poll(POLL)) {
      ReplyRecord reply = ReplyRecord.decode(
          polled.offset(), polled.timestamp(), name -> header(polled, name), polled.value());
      if (reply != null) {
        log.add(reply);
      }
    }
  }

  private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> polled, String name) {
    Header header = polled.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  private Consumer<byte[], byte[]> consumerAt(TopicPartition partition, long offset) {
    Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            // An offset that the log does not have is an error of the test, or its finding.
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            // close() waits for the fetch that is parked at the broker.
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            20),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
    consumer.assign(List.of(partition));
    consumer.seek(partition, offset);
    return consumer;
  }
}
