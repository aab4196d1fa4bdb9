package io.sirocco.worker.reply;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;

/**
 * One of the producers that follow each other, with what it has written to.
 *
 * <p>Not thread-safe, but for the producer.
 */
final class ProducerTerm {
  private final Producer<String, byte[]> producer;
  private final Set<String> topics = new HashSet<>();
  private final Map<String, Integer> underWay = new HashMap<>();

  ProducerTerm(Producer<String, byte[]> producer) {
    this.producer = producer;
  }

  Producer<String, byte[]> producer() {
    return producer;
  }

  /** To how many topics it has written. */
  int topics() {
    return topics.size();
  }

  boolean hasWritten(String topic) {
    return topics.contains(topic);
  }

  /** A record for {@code topic} is on its way. */
  void begin(String topic) {
    topics.add(topic);
    underWay.merge(topic, 1, Integer::sum);
  }

  /** One of them is there, or has failed. */
  void end(String topic) {
    underWay.computeIfPresent(topic, (name, records) -> records == 1 ? null : records - 1);
  }

  /** Whether a record for {@code topic} is on its way. */
  boolean isWriting(String topic) {
    return underWay.containsKey(topic);
  }

  boolean isIdle() {
    return underWay.isEmpty();
  }
}
