package io.sirocco.client;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer of a hub, for ever new topics. Kafka's own keeps some ten figures of every topic that it
 * ever read; so after so many topics another one goes on from where it is.
 *
 * <p>Confined to the hub's thread, but for {@link #now()}.
 */
final class HubConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(HubConsumer.class);
  private static final Duration END = Duration.ofSeconds(5);

  private static final Executor IN_BACKGROUND = task -> {
    Thread thread = new Thread(task, "hub-renewal");
    thread.setDaemon(true);
    thread.start();
  };

  private final Supplier<Consumer<byte[], byte[]>> connect;
  private final int mostTopics;
  private final Set<String> topics = new HashSet<>();
  private volatile Consumer<byte[], byte[]> consumer;
  private @Nullable CompletableFuture<Consumer<byte[], byte[]>> next;

  /**
   * Connects the first consumer.
   *
   * @param connect makes consumers that are alike, without a group
   * @param mostTopics after so many topics a consumer is replaced
   */
  HubConsumer(Supplier<Consumer<byte[], byte[]>> connect, int mostTopics) {
    this.connect = connect;
    this.mostTopics = mostTopics;
    this.consumer = connect.get();
  }

  /** The present one; on other threads for what may be called there. */
  Consumer<byte[], byte[]> now() {
    return consumer;
  }

  void assign(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> topics.add(partition.topic()));
    consumer.assign(partitions);
  }

  /** Replaces the consumer if it has read so many topics, as soon as another one is connected. */
  void renew() {
    if (topics.size() < mostTopics || consumer.assignment().isEmpty()) {
      return;
    }
    if (next == null) {
      String topic = consumer.assignment().iterator().next().topic();
      next = CompletableFuture.supplyAsync(() -> connected(topic), IN_BACKGROUND);
    } else if (next.isCompletedExceptionally()) {
      LOG.warn("A new consumer could not be made, going on with the old one");
      next = null;
      topics.clear(); // Not to be tried at each round.
    } else if (next.isDone()) {
      replace(next.join());
    }
  }

  private Consumer<byte[], byte[]> connected(String topic) {
    Consumer<byte[], byte[]> made = connect.get();
    try {
      var unused = made.partitionsFor(topic, END);
    } catch (RuntimeException e) {
      LOG.debug("The new consumer has not heard of {} yet", topic, e);
    }
    return made;
  }

  private void replace(Consumer<byte[], byte[]> made) {
    Consumer<byte[], byte[]> old = consumer;
    Map<TopicPartition, Long> positions = new HashMap<>();
    try {
      for (TopicPartition partition : old.assignment()) {
        positions.put(partition, old.position(partition, Duration.ZERO));
      }
    } catch (TimeoutException e) {
      return; // While a partition changes its leader; not now.
    }
    next = null;
    topics.clear();
    made.assign(positions.keySet());
    positions.forEach(made::seek);
    positions.keySet().forEach(partition -> topics.add(partition.topic()));
    consumer = made;
    IN_BACKGROUND.execute(() -> old.close(CloseOptions.timeout(END)));
  }

  /** Closes the consumer, and one that was to replace it. */
  void close(Duration timeout) {
    if (next != null) {
      var unused = next.thenAccept(made -> made.close(CloseOptions.timeout(Duration.ZERO)));
    }
    consumer.close(CloseOptions.timeout(timeout));
  }
}
