package io.sirocco.worker.streams;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.follow.FollowedTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory on {@code chat.streams}: follows it on a thread of its own until it is closed, and writes
 * to it on another, as a send to a topic that is not there holds its thread up.
 *
 * <p>Thread-safe.
 */
public final class StreamThread implements StreamDirectory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamThread.class);

  /** About 500 bytes each. */
  private static final int MOST_KNOWN = 100_000;

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(5);

  private final Consumer<String, byte[]> consumer;
  private final Producer<String, byte[]> producer;
  private final Admin admin;
  private final Duration patience;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "streams-writer"));
  private final KnownStreams known = new KnownStreams(MOST_KNOWN);
  private final StreamFollower follower;
  private final JsonCodec codec = new JsonCodec();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "streams");

  private StreamThread(
      Consumer<String, byte[]> consumer,
      Producer<String, byte[]> producer,
      Admin admin,
      StreamFollower.Make make,
      Duration patience,
      String requestTopic) {
    this.consumer = consumer;
    this.producer = producer;
    this.admin = admin;
    this.patience = patience;
    this.follower = new StreamFollower(
        FollowedTopic.by(admin, Topics.STREAMS), make, consumer, requestTopic, known);
  }

  /**
   * Starts the threads.
   *
   * @param consumer without a group; closed with the thread
   * @param producer stays the caller's
   * @param admin stays the caller's
   * @param patience how long an entry is tried to be written
   * @param requestTopic whose requests count
   */
  public static StreamThread start(
      Consumer<String, byte[]> consumer,
      Producer<String, byte[]> producer,
      Admin admin,
      Duration patience,
      String requestTopic) {
    return start(
        consumer, producer, admin, () -> StreamTopic.ensure(admin), patience, requestTopic);
  }

  static StreamThread start(
      Consumer<String, byte[]> consumer,
      Producer<String, byte[]> producer,
      Admin admin,
      StreamFollower.Make make,
      Duration patience,
      String requestTopic) {
    StreamThread started =
        new StreamThread(consumer, producer, admin, make, patience, requestTopic);
    started.thread.setDaemon(true);
    started.thread.start();
    return started;
  }

  private void run() {
    try {
      Duration pause = Duration.ZERO;
      while (!closing.await(pause.toMillis(), MILLISECONDS)) {
        pause = follower.step(POLL) ? Duration.ZERO : AGAIN;
      }
    } catch (InterruptException | InterruptedException e) {
      // Closed while it waited.
    } catch (RuntimeException | Error e) {
      log.error("repeats of requests are not recognised any more", e);
      follower.giveUp();
    } finally {
      Thread.interrupted(); // A thread that is interrupted closes nothing in good order.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  @Override
  public CompletionStage<Void> caughtUp() {
    return thread.isAlive() ? follower.caughtUp() : CompletableFuture.completedStage(null);
  }

  @Override
  public Optional<StreamLocation> find(RequestKey key) {
    return known.find(key);
  }

  @Override
  public List<StreamLocation> under(String requestId, TopicPartition log) {
    return known.under(requestId, log);
  }

  @Override
  public CompletionStage<Void> write(RequestKey key, StreamLocation location) {
    known.put(key, location);
    return send(key, codec.writeBytes(location));
  }

  @Override
  public CompletionStage<Void> remove(RequestKey key) {
    known.remove(key);
    return send(key, null);
  }

  /** Whoever waits for it is not to wait for ever: a request is closed behind it. */
  private CompletionStage<Void> send(RequestKey key, byte @Nullable [] value) {
    CompletableFuture<Void> written =
        new CompletableFuture<Void>().orTimeout(patience.toMillis(), MILLISECONDS);
    ProducerRecord<String, byte[]> entry =
        new ProducerRecord<>(Topics.STREAMS, codec.write(key), value);
    writer.execute(() -> send(entry, written));
    return written.exceptionally(fault -> {
      log.warn(
          "an entry is not written, its repeats are not recognised topic={}: {}",
          Topics.STREAMS,
          fault.toString());
      return null;
    });
  }

  private void send(ProducerRecord<String, byte[]> entry, CompletableFuture<Void> written) {
    if (written.isDone()) {
      return; // Given up: each try may take a while.
    }
    try {
      var unused = producer.send(entry, (metadata, fault) -> sent(entry, written, fault));
    } catch (KafkaException | IllegalStateException e) {
      sent(entry, written, e);
    }
  }

  /** Until it is there, a repeat that another worker gets would be generated again. */
  private void sent(
      ProducerRecord<String, byte[]> entry,
      CompletableFuture<Void> written,
      @Nullable Exception fault) {
    if (fault == null) {
      written.complete(null);
    } else if (fault instanceof RetriableException && closing.getCount() > 0) {
      CompletableFuture.delayedExecutor(AGAIN.toMillis(), MILLISECONDS, writer)
          .execute(() -> send(entry, written));
    } else {
      written.completeExceptionally(fault);
    }
  }

  @Override
  public CompletionStage<OptionalLong> offsetSince(TopicPartition partition, long millis) {
    return look(partition, OffsetSpec.forTimestamp(Math.max(0, millis)))
        .thenCompose(offset -> offset < 0
            ? look(partition, OffsetSpec.latest())
            : CompletableFuture.completedStage(offset))
        .handle((offset, fault) ->
            fault == null && offset >= 0 ? OptionalLong.of(offset) : OptionalLong.empty());
  }

  private CompletionStage<Long> look(TopicPartition partition, OffsetSpec spec) {
    return admin
        .listOffsets(Map.of(partition, spec))
        .partitionResult(partition)
        .toCompletionStage()
        .thenApply(found -> found.offset());
  }

  /** Ends the threads; nothing new is known or written afterwards. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    writer.shutdown();
    try {
      thread.join(END.toMillis());
      if (!writer.awaitTermination(END.toMillis(), MILLISECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
    follower.giveUp();
  }
}
