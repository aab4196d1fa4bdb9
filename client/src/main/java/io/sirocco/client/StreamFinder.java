package io.sirocco.client;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Looks on {@code chat.streams} where the answer to a request lives. Each look reads the topic from
 * its beginning, with a consumer of its own: readers who know no more than an id are few.
 *
 * <p>Thread-safe.
 *
 * @param connect makes the consumer of a look
 */
record StreamFinder(Supplier<Consumer<byte[], byte[]>> connect, JsonCodec codec) {
  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * Returns what stands there under {@code key}, or nothing.
   *
   * @throws TimeoutException when the topic cannot be read within {@code patience}
   */
  Optional<StreamLocation> find(RequestKey key, Duration patience) throws TimeoutException {
    Deadline deadline = Deadline.after(patience);
    try (Consumer<byte[], byte[]> consumer = connect.get()) {
      byte[] found = read(consumer, codec.writeBytes(key), deadline);
      return found == null
          ? Optional.empty()
          : Optional.of(codec.read(found, StreamLocation.class));
    } catch (MalformedJsonException e) {
      throw new ReplyLostException(
          "request " + key.requestId() + ": expected the place of its answer on " + Topics.STREAMS
              + ", found: " + e.getMessage(),
          e);
    }
  }

  /** Of several records under a key the last one counts, and they are all in one partition. */
  private static byte @Nullable [] read(
      Consumer<byte[], byte[]> consumer, byte[] key, Deadline deadline) throws TimeoutException {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.STREAMS, deadline.remaining()).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, deadline.remaining());
    byte[] found = null;
    while (!isReached(consumer, ends)) {
      if (deadline.isPast()) {
        throw new TimeoutException("the end of topic " + Topics.STREAMS);
      }
      for (ConsumerRecord<byte[], byte[]> kafkaRecord : consumer.poll(POLL)) {
        if (Arrays.equals(kafkaRecord.key(), key)) {
          found = kafkaRecord.value();
        }
      }
    }
    return found;
  }

  private static boolean isReached(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }
}
