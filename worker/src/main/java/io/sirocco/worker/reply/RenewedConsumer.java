package io.sirocco.worker.reply;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Consumers for ever new topics, one after the other. Kafka's own keeps some ten figures of every topic
 * that it ever read; so after so many topics another one takes its place.
 *
 * <p>Confined to one thread at a time.
 */
public final class RenewedConsumer {
  private static final Duration END = Duration.ofSeconds(5);

  private final Supplier<Consumer<String, byte[]>> connect;
  private final int mostTopics;
  private final Set<String> topics = new HashSet<>();
  private Consumer<String, byte[]> consumer;

  /**
   * Connects the first consumer.
   *
   * @param connect makes consumers that are alike, without a group
   * @param mostTopics after so many topics a consumer is replaced
   */
  public RenewedConsumer(Supplier<Consumer<String, byte[]>> connect, int mostTopics) {
    this.connect = connect;
    this.mostTopics = mostTopics;
    this.consumer = connect.get();
  }

  /** The consumer that has those partitions assigned, and no others. */
  Consumer<String, byte[]> assigned(Collection<TopicPartition> partitions) {
    if (topics.size() >= mostTopics && !partitions.isEmpty()) {
      Consumer<String, byte[]> next = connect.get();
      close();
      consumer = next;
      topics.clear();
    }
    partitions.forEach(partition -> topics.add(partition.topic()));
    consumer.assign(partitions);
    return consumer;
  }

  /** Closes the consumer. */
  public void close() {
    consumer.close(CloseOptions.timeout(END));
  }
}
