package io.sirocco.worker.reply;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
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
  /** How long a topic may take from its creation until the brokers know it. */
  private static final Duration CREATION = Duration.ofSeconds(2);

  /** The number comes from a requester, who must not be able to exhaust the brokers with it. */
  private static final int MOST_PARTITIONS_MADE = 16;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final Admin admin;
  private final Producer<String, byte[]> producer;
  private final boolean createsTopics;
  private final long mostBytes;
  private final AtomicLong unacknowledgedBytes = new AtomicLong();

  /**
   * Uses, and does not close, the two clients.
   *
   * @param createsTopics whether a reply topic that does not exist is made, for requesters that may
   *     not make any
   * @param mostBytes so many may wait for acknowledgement before {@link #hasRoom} says no; well below
   *     what the producer has room for, as its {@code send} waits then
   */
  public KafkaReplyWriter(
      Admin admin, Producer<String, byte[]> producer, boolean createsTopics, long mostBytes) {
    this.admin = admin;
    this.producer = producer;
    this.createsTopics = createsTopics;
    this.mostBytes = mostBytes;
  }

  @Override
  public CompletionStage<Void> awaitWritable(ReplyAddress address) {
    return look(address, System.nanoTime() + CREATION.toNanos(), createsTopics);
  }

  private CompletionStage<Void> look(ReplyAddress address, long deadlineNanos, boolean create) {
    return admin
        .describeTopics(Set.of(address.topic()))
        .allTopicNames()
        .toCompletionStage()
        .handle((topics, fault) -> fault == null
            ? found(address, topics.values().iterator().next())
            : missing(address, cause(fault), deadlineNanos, create))
        .thenCompose(stage -> stage);
  }

  /** A topic that is not there may be so new that this broker has not heard of it yet. */
  private CompletionStage<Void> missing(
      ReplyAddress address, Throwable fault, long deadlineNanos, boolean create) {
    boolean unknown = fault instanceof UnknownTopicOrPartitionException;
    if (!unknown && fault instanceof RetriableException) {
      return lookAgain(address, System.nanoTime() + CREATION.toNanos()); // The brokers are away.
    }
    if (!unknown || System.nanoTime() > deadlineNanos) {
      return CompletableFuture.failedStage(fault);
    }
    return create && address.partition() < MOST_PARTITIONS_MADE
        ? create(address).thenCompose(made -> lookAgain(address, deadlineNanos))
        : lookAgain(address, deadlineNanos);
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

  private CompletionStage<Void> lookAgain(ReplyAddress address, long deadlineNanos) {
    Executor later =
        CompletableFuture.delayedExecutor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.supplyAsync(() -> look(address, deadlineNanos, false), later)
        .thenCompose(stage -> stage);
  }

  private static CompletionStage<Void> found(ReplyAddress address, TopicDescription topic) {
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
    CompletableFuture<Long> acknowledged = new CompletableFuture<>();
    long bytes = bytes(reply);
    unacknowledgedBytes.addAndGet(bytes);
    try {
      var unused = producer.send(reply, (metadata, fault) -> {
        unacknowledgedBytes.addAndGet(-bytes);
        if (fault == null) {
          acknowledged.complete(metadata.offset());
        } else {
          acknowledged.completeExceptionally(fault);
        }
      });
    } catch (KafkaException | IllegalStateException e) {
      unacknowledgedBytes.addAndGet(-bytes);
      acknowledged.completeExceptionally(e);
    }
    return acknowledged;
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
