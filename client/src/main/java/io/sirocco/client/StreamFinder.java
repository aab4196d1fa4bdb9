package io.sirocco.client;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
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
   * Returns what leads to the answer to a request.
   *
   * @throws SiroccoException when nothing stands there under {@code key}, or it cannot be known
   *     within {@code patience} whether something does
   */
  ReplyHandle find(RequestKey key, Duration patience) {
    String request = "request " + key.requestId();
    byte[] found;
    try (Consumer<byte[], byte[]> consumer = connect.get()) {
      found = read(consumer, codec.writeBytes(key), Deadline.after(patience));
    } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
      throw new ReplyTimeoutException(key.requestId(), "to find its answer", patience);
    } catch (InterruptException e) {
      throw new ReplyInterruptedException(
          "interrupted while looking for the answer to " + request, e);
    } catch (KafkaException e) {
      throw new ReplyLostException(request + ": its answer cannot be looked for", e);
    }
    if (found == null) {
      throw new ReplyNotFoundException(request + ": expected the place of its answer on topic '"
          + Topics.STREAMS + "', found none");
    }
    try {
      StreamLocation place = codec.read(found, StreamLocation.class);
      return new ReplyHandle(
          key.user() == null ? RequestKey.ANONYMOUS : key.user(),
          key.requestId(),
          place.replyTopic(),
          place.replyPartition(),
          place.replyOffset());
    } catch (MalformedJsonException e) {
      throw new ReplyLostException(
          request + ": expected the place of its answer on topic '" + Topics.STREAMS + "', found: "
              + e.getMessage(),
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
