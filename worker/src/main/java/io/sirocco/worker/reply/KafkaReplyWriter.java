package io.sirocco.worker.reply;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Writes reply records with an idempotent producer.
 *
 * <p>A producer's {@code send} holds its caller up while it learns of a topic it has not written to
 * before, and for a topic that does not exist it does so for a minute. So the topic is looked up
 * first, without waiting, and a missing one holds nobody up.
 *
 * <p>Thread-safe; {@link #send} belongs on the reply thread.
 */
public final class KafkaReplyWriter implements ReplyWriter {
  /** How long a topic is looked for that was wanted long ago. */
  private static final Duration LEAST = Duration.ofSeconds(2);

  /** A topic that vanished would hold up whoever sends to it, once for each answer that is written there. */
  private static final Duration VANISHED = Duration.ofSeconds(2);

  /** The number comes from a requester, who must not be able to exhaust the brokers with it. */
  private static final int MOST_PARTITIONS_MADE = 16;

  /** Between two looks for a topic at first; then twice as long each time, up to the longest. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final int LOOKUPS_AT_ONCE = 4;

  private final Admin admin;
  private final TopicLookups lookups;
  private final Producer<String, byte[]> producer;
  private final boolean createsTopics;
  private final long mostBytes;
  private final Duration creation;
  private final InstantSource clock;
  private final AtomicLong unacknowledgedBytes = new AtomicLong();
  private final Map<String, Instant> vanished = new ConcurrentHashMap<>();

  /**
   * Uses, and does not close, the two clients.
   *
   * @param createsTopics whether a reply topic that does not exist is made, for requesters that may
   *     not make any
   * @param mostBytes so many may wait for acknowledgement before {@link #hasRoom} says no; well below
   *     what the producer has room for, as its {@code send} waits then
   * @param creation how long after its request was written a topic may turn up: it was made before, but
   *     perhaps an instant ago, and some brokers hear of it late
   */
  public KafkaReplyWriter(
      Admin admin,
      Producer<String, byte[]> producer,
      boolean createsTopics,
      long mostBytes,
      Duration creation,
      InstantSource clock) {
    this.admin = admin;
    this.lookups = new TopicLookups(admin, LOOKUPS_AT_ONCE);
    this.producer = producer;
    this.createsTopics = createsTopics;
    this.mostBytes = mostBytes;
    this.creation = creation;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Void> awaitWritable(ReplyLog log) {
    return look(log.address(), deadline(log), createsTopics, FIRST_PAUSE);
  }

  private Instant deadline(ReplyLog log) {
    Instant now = clock.instant();
    Instant least = now.plus(LEAST);
    Instant ofNew = Instant.ofEpochMilli(log.requestedMillis()).plus(creation);
    Instant most = now.plus(creation); // A requester's clock may be ahead.
    return ofNew.isBefore(least) ? least : ofNew.isAfter(most) ? most : ofNew;
  }

  private CompletionStage<Void> look(
      ReplyAddress address, Instant deadline, boolean create, Duration pause) {
    return lookups
        .look(address.topic())
        .handle((topic, fault) -> fault == null
            ? found(address, topic)
            : missing(address, cause(fault), deadline, create, pause))
        .thenCompose(stage -> stage);
  }

  /** A topic that is not there may be so new that this broker has not heard of it yet. */
  private CompletionStage<Void> missing(
      ReplyAddress address, Throwable fault, Instant deadline, boolean create, Duration pause) {
    boolean unknown = fault instanceof UnknownTopicOrPartitionException;
    if (!unknown && fault instanceof RetriableException) {
      Instant least = clock.instant().plus(LEAST); // The brokers are away.
      return lookAgain(address, deadline.isBefore(least) ? least : deadline, pause);
    }
    if (!unknown || clock.instant().isAfter(deadline)) {
      return CompletableFuture.failedStage(fault);
    }
    return create && address.partition() < MOST_PARTITIONS_MADE
        ? create(address).thenCompose(made -> lookAgain(address, deadline, pause))
        : lookAgain(address, deadline, pause);
  }

  private CompletionStage<Void> create(ReplyAddress address) {
    NewTopic topic =
        new NewTopic(address.topic(), Optional.of(address.partition() + 1), Optional.empty());
    return admin
        .createTopics(Set.of(topic))
        .all()
        .toCompletionStage()
        .handle((made, fault) -> fault == null || cause(fault) instanceof TopicExistsException
            ? CompletableFuture.<Void>completedStage(null)
            : CompletableFuture.<Void>failedStage(cause(fault)))
        .thenCompose(stage -> stage);
  }

  private CompletionStage<Void> lookAgain(ReplyAddress address, Instant deadline, Duration pause) {
    Executor later = CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS);
    Duration twice = pause.multipliedBy(2);
    Duration next = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    return CompletableFuture.supplyAsync(() -> look(address, deadline, false, next), later)
        .thenCompose(stage -> stage);
  }

  private CompletionStage<Void> found(ReplyAddress address, TopicDescription topic) {
    vanished.remove(address.topic());
    int partitions = topic.partitions().size();
    return address.partition() < partitions
        ? CompletableFuture.completedStage(null)
        : CompletableFuture.failedStage(new UnknownTopicOrPartitionException(
            "the topic has %d partitions".formatted(partitions)));
  }

  private static Throwable cause(Throwable fault) {
    Throwable cause = fault.getCause();
    return cause == null || fault instanceof KafkaException ? fault : cause;
  }

  @Override
  public boolean hasRoom() {
    return unacknowledgedBytes.get() < mostBytes;
  }

  @Override
  public CompletionStage<Long> send(ProducerRecord<String, byte[]> reply) {
    if (hasVanished(reply.topic())) {
      return CompletableFuture.failedStage(new TimeoutException(
          "expected reply topic '%s', found that the brokers did not know it a moment ago"
              .formatted(reply.topic())));
    }
    CompletableFuture<Long> acknowledged = new CompletableFuture<>();
    Thread sender = Thread.currentThread();
    long bytes = bytes(reply);
    unacknowledgedBytes.addAndGet(bytes);
    try {
      var unused = producer.send(reply, (metadata, fault) -> {
        unacknowledgedBytes.addAndGet(-bytes);
        if (fault == null) {
          acknowledged.complete(metadata.offset());
        } else {
          if (Thread.currentThread() == sender && isUnknown(fault)) {
            vanish(reply.topic());
          }
          acknowledged.completeExceptionally(fault);
        }
      });
    } catch (KafkaException | IllegalStateException e) {
      unacknowledgedBytes.addAndGet(-bytes);
      acknowledged.completeExceptionally(e);
    }
    return acknowledged;
  }

  /** Those that are gone for good are forgotten with the next one. */
  private void vanish(String topic) {
    Instant now = clock.instant();
    vanished.values().removeIf(until -> !until.isAfter(now));
    vanished.put(topic, now.plus(VANISHED));
  }

  /** Other answers there wait for nothing, and nobody waits behind them. */
  private boolean hasVanished(String topic) {
    Instant until = vanished.get(topic);
    if (until != null && !until.isAfter(clock.instant())) {
      vanished.remove(topic, until); // It may have come back.
      return false;
    }
    return until != null;
  }

  /** While it is called, {@code send} waits for news of a topic, and else only for room. */
  private static boolean isUnknown(Exception fault) {
    return fault instanceof TimeoutException && !(fault instanceof BufferExhaustedException);
  }

  private static long bytes(ProducerRecord<String, byte[]> reply) {
    byte @Nullable [] value = reply.value(); // That of a release is null.
    long bytes = value == null ? 0 : value.length;
    for (Header header : reply.headers()) {
      bytes += header.key().length() + header.value().length;
    }
    return bytes;
  }
}
