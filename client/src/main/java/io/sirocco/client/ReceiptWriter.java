package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Receipt;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes receipts beside everything else: nobody waits for one, and one that cannot be written is
 * logged and left.
 *
 * <p>The topic is never made here, nor by the broker on a first write: its partitions must be those of
 * usage. Where there is none, nobody holds bills against receipts, and none are written.
 *
 * <p>Thread-safe.
 */
final class ReceiptWriter {
  /** Answers whether a topic is there; it may wait for the broker. */
  @FunctionalInterface
  interface TopicCheck {
    boolean exists(String topic) throws Exception;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ReceiptWriter.class);
  private static final int MOST_WAITING = 10_000;
  private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final Producer<byte[], byte[]> producer;
  private final TopicCheck topics;
  private final JsonCodec codec;
  private final ThreadPoolExecutor thread;

  // Of the writer's thread.
  private boolean isThere;
  private boolean looked;
  private long lookedAtNanos;

  ReceiptWriter(
      Producer<byte[], byte[]> producer, TopicCheck topics, JsonCodec codec, String threadName) {
    this.producer = producer;
    this.topics = topics;
    this.codec = codec;
    this.thread = new ThreadPoolExecutor(
        1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
          Thread made = new Thread(task, threadName);
          made.setDaemon(true);
          return made;
        });
    thread.allowCoreThreadTimeOut(true);
  }

  /** Has {@code receipt} written. Never blocks. */
  void write(Receipt receipt) {
    try {
      thread.execute(() -> send(receipt));
    } catch (RejectedExecutionException e) {
      LOG.warn("The receipt of request {} is left out: too many wait", receipt.requestId());
    }
  }

  // Whatever it is, an answer must not suffer from its receipt.
  @SuppressWarnings("IllegalCatch")
  private void send(Receipt receipt) {
    try {
      if (!topicIsThere()) {
        return;
      }
      ProducerRecord<byte[], byte[]> kafkaRecord = new ProducerRecord<>(
          Topics.RECEIPTS, receipt.user().getBytes(UTF_8), codec.writeBytes(receipt));
      receipt
          .headers()
          .forEach((name, value) -> kafkaRecord.headers().add(name, value.getBytes(UTF_8)));
      var unused = producer.send(kafkaRecord, (place, fault) -> {
        if (fault != null) {
          LOG.warn("No receipt of request {}: {}", receipt.requestId(), fault.toString());
        }
      });
    } catch (RuntimeException e) {
      LOG.warn("No receipt of request {}: {}", receipt.requestId(), e.toString());
    }
  }

  // Whatever it is, the next receipt asks again.
  @SuppressWarnings("IllegalCatch")
  private boolean topicIsThere() {
    if (!isThere && (!looked || System.nanoTime() - lookedAtNanos > LOOK_AGAIN_NANOS)) {
      looked = true;
      lookedAtNanos = System.nanoTime();
      try {
        isThere = topics.exists(Topics.RECEIPTS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.debug("Whether there is a topic of receipts is not known: {}", e.toString());
      }
    }
    return isThere;
  }

  /** Hands what waits to the producer, which is to be closed after this, within {@code patience}. */
  void close(Duration patience) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("{} receipts were not written in time", thread.getQueue().size());
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
