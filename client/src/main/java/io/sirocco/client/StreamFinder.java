package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks on {@code chat.streams} where the answer to a request lives. The first look reads the topic
 * from its beginning, each later one what was written since. What is older than the answers may be is
 * forgotten, and so is the oldest when there are too many: those answers are found no more.
 *
 * <p>Thread-safe; one look at a time.
 */
final class StreamFinder {
  private static final Logger LOG = LoggerFactory.getLogger(StreamFinder.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Supplier<Consumer<byte[], byte[]>> connect;
  private final JsonCodec codec;
  private final Duration retention;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Consumer<byte[], byte[]> reading;

  private boolean crowded;

  // In the order in which they were written; those of one key are in one partition.
  private final Map<String, Place> places = new LinkedHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // It is read once, and compared with nothing.
  private record Place(long writtenMillis, byte[] location) {}

  /**
   * @param connect makes the consumer when it is needed
   * @param retention how long answers live
   * @param most how many places are remembered
   */
  StreamFinder(
      Supplier<Consumer<byte[], byte[]>> connect, JsonCodec codec, Duration retention, int most) {
    this.connect = connect;
    this.codec = codec;
    this.retention = retention;
    this.most = most;
  }

  /**
   * Returns what leads to the answer to a request.
   *
   * @throws SiroccoException when nothing stands there under {@code key}, or it cannot be known
   *     within {@code patience} whether something does
   */
  ReplyHandle find(RequestKey key, Duration patience) {
    StreamLocation place = locate(key, patience);
    if (place == null) {
      throw new ReplyNotFoundException("request " + key.requestId()
          + ": expected the place of its answer on topic '" + Topics.STREAMS + "', found none");
    }
    return handle(key, place);
  }

  static ReplyHandle handle(RequestKey key, StreamLocation place) {
    return new ReplyHandle(
        key.user() == null ? RequestKey.ANONYMOUS : key.user(),
        key.requestId(),
        place.replyTopic(),
        place.replyPartition(),
        place.replyOffset());
  }

  /**
   * Returns what stands there under {@code key}, or null.
   *
   * @throws SiroccoException when it cannot be known within {@code patience}
   */
  @Nullable
  StreamLocation locate(RequestKey key, Duration patience) {
    String request = "request " + key.requestId();
    Deadline deadline = Deadline.after(patience);
    try {
      if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new ReplyTimeoutException(key.requestId(), "to find its answer", patience);
      }
      try {
        catchUp(deadline);
        Place place = places.get(codec.write(key));
        return place == null ? null : codec.read(place.location(), StreamLocation.class);
      } finally {
        lock.unlock();
      }
    } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
      throw new ReplyTimeoutException(key.requestId(), "to find its answer", patience);
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
      throw new ReplyInterruptedException(
          "interrupted while looking for the answer to " + request, e);
    } catch (KafkaException e) {
      throw new ReplyLostException(request + ": its answer cannot be looked for", e);
    } catch (MalformedJsonException e) {
      throw new ReplyLostException(
          request + ": expected the place of its answer on topic '" + Topics.STREAMS + "', found: "
              + e.getMessage(),
          e);
    }
  }

  private void catchUp(Deadline deadline) throws TimeoutException {
    Consumer<byte[], byte[]> consumer = reading;
    if (consumer == null) {
      consumer = open(deadline);
      if (consumer == null) {
        return;
      }
    }
    Map<TopicPartition, Long> ends =
        consumer.endOffsets(consumer.assignment(), deadline.remaining());
    while (!isReached(consumer, ends)) {
      if (deadline.isPast()) {
        throw new TimeoutException("the end of topic " + Topics.STREAMS);
      }
      consumer.poll(POLL).forEach(this::take);
    }
  }

  /** Returns a consumer at the beginning of the topic; null when there is no such topic. */
  private @Nullable Consumer<byte[], byte[]> open(Deadline deadline) {
    Consumer<byte[], byte[]> consumer = connect.get();
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.STREAMS, deadline.remaining()).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      if (!partitions.isEmpty()) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        reading = consumer;
      }
    } finally {
      if (reading == null) {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
      }
    }
    return reading;
  }

  private void take(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    if (kafkaRecord.key() == null) {
      return;
    }
    String key = new String(kafkaRecord.key(), UTF_8);
    places.remove(key);
    if (kafkaRecord.value() != null) {
      places.put(key, new Place(kafkaRecord.timestamp(), kafkaRecord.value()));
      forgetBefore(kafkaRecord.timestamp() - retention.toMillis());
      forgetAbove();
    }
  }

  private void forgetAbove() {
    if (places.size() <= most) {
      return;
    }
    Iterator<Place> eldest = places.values().iterator();
    eldest.next();
    eldest.remove();
    if (!crowded) {
      crowded = true;
      LOG.warn(
          "more than {} answers are listed on {}: the oldest are found no more",
          most,
          Topics.STREAMS);
    }
  }

  private void forgetBefore(long oldestMillis) {
    Iterator<Place> eldest = places.values().iterator();
    while (eldest.hasNext() && eldest.next().writtenMillis() < oldestMillis) {
      eldest.remove();
    }
  }

  private static boolean isReached(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Closes the consumer, unless a look is in progress until {@code deadline}. */
  void close(Deadline deadline) {
    try {
      if (lock.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          if (reading != null) {
            reading.close(CloseOptions.timeout(Duration.ZERO));
            reading = null;
          }
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
