package io.sirocco.client;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Topics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes to {@code chat.streams} where answers live, and makes the topic when it is first needed.
 *
 * <p>Thread-safe.
 */
final class StreamListings {
  private final Producer<byte[], byte[]> producer;
  private final ReplyTopicAdmin admin;
  private final JsonCodec codec;
  private boolean topicIsThere;

  StreamListings(Producer<byte[], byte[]> producer, ReplyTopicAdmin admin, JsonCodec codec) {
    this.producer = producer;
    this.admin = admin;
    this.codec = codec;
  }

  /**
   * Makes the topic unless it is there.
   *
   * @throws TimeoutException when it cannot be had in time; the message says why
   */
  synchronized void prepare(Deadline deadline) throws TimeoutException, InterruptedException {
    if (topicIsThere) {
      return;
    }
    try {
      admin.createStreams(deadline);
      topicIsThere = true;
    } catch (ExecutionException e) {
      TimeoutException none =
          new TimeoutException("expected topic '" + Topics.STREAMS + "', found: " + e.getCause());
      none.initCause(e);
      throw none;
    }
  }

  /** Returns a future that completes when the place of the answer is written down. */
  CompletableFuture<Void> write(RequestKey key, StreamLocation place) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    try {
      var unused = producer.send(
          new ProducerRecord<>(Topics.STREAMS, codec.writeBytes(key), codec.writeBytes(place)),
          (metadata, fault) -> {
            if (fault == null) {
              written.complete(null);
            } else {
              written.completeExceptionally(fault);
            }
          });
    } catch (RuntimeException e) {
      // The producer was closed meanwhile, or an interceptor failed.
      written.completeExceptionally(e);
    }
    return written;
  }
}
