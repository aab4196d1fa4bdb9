package io.sirocco.worker.intake;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;

/**
 * Polls request records as a member of the group, from nowhere but where the intake says that a
 * partition goes on.
 *
 * <p>Confined to the intake thread.
 */
final class RequestPoll {
  private final Consumer<String, byte[]> consumer;
  private final List<String> topics;
  private final ConsumerRebalanceListener listener;

  /** Joins the group, for the partitions of {@code topic}. */
  RequestPoll(Consumer<String, byte[]> consumer, String topic, ConsumerRebalanceListener listener) {
    this.consumer = consumer;
    this.topics = List.of(topic);
    this.listener = listener;
    consumer.subscribe(topics, listener);
  }

  /** Leaves the group, and joins it anew with the next poll. */
  void rejoin() {
    consumer.unsubscribe();
  }

  /**
   * Polls for at most {@code timeout}.
   *
   * @throws KafkaException when the log of a partition does not reach to where it is to go on
   */
  ConsumerRecords<String, byte[]> poll(Duration timeout) {
    try {
      subscribe();
      return consumer.poll(timeout);
    } catch (OffsetOutOfRangeException e) {
      // From the beginning all would be done again, from the end some never: somebody has to
      // decide.
      throw new KafkaException(
          "expected to go on in the log of each partition, found none at %s; set the offsets of the group with kafka-consumer-groups.sh"
              .formatted(e.offsetOutOfRangePartitions()),
          e);
    } catch (IllegalStateException e) {
      if (consumer.subscription().isEmpty()) {
        return ConsumerRecords.empty();
      }
      throw e;
    }
  }

  /** A group that finds out at the same time that a member left takes a new subscription away, too. */
  private void subscribe() {
    if (consumer.subscription().isEmpty()) {
      consumer.subscribe(topics, listener);
    }
  }
}
