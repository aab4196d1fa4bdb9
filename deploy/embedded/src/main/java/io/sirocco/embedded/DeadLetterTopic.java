package io.sirocco.embedded;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a dead-letter topic as it is now.
 *
 * <p>Immutable.
 *
 * @param client what Kafka's clients need to connect
 * @param patience how long the broker may be silent
 */
record DeadLetterTopic(Map<String, String> client, String topic, Duration patience) {
  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * Tells {@code reader} of every letter, partition by partition from the oldest on.
   *
   * @throws KafkaException when the topic cannot be read
   */
  void forEach(Consumer<DeadLetter> reader) {
    try (KafkaConsumer<byte[], byte[]> consumer = connect()) {
      List<TopicPartition> partitions = consumer.partitionsFor(topic, patience).stream()
          .map(partition -> new TopicPartition(topic, partition.partition()))
          .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, patience);
      for (TopicPartition partition : partitions) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        read(consumer, partition, ends.getOrDefault(partition, 0L), reader);
      }
    }
  }

  /**
   * Returns the letter at that place.
   *
   * @throws KafkaException when the topic cannot be read
   */
  Optional<DeadLetter> at(int partition, long offset) {
    TopicPartition place = new TopicPartition(topic, partition);
    List<DeadLetter> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = connect()) {
      boolean exists = consumer.partitionsFor(topic, patience).stream()
          .anyMatch(known -> known.partition() == partition);
      if (exists
          && consumer.beginningOffsets(List.of(place), patience).getOrDefault(place, 0L) <= offset
          && consumer.endOffsets(List.of(place), patience).getOrDefault(place, 0L) > offset) {
        consumer.assign(List.of(place));
        consumer.seek(place, offset);
        read(consumer, place, offset + 1, found::add);
      }
    }
    return found.stream().findFirst();
  }

  private KafkaConsumer<byte[], byte[]> connect() {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void read(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long end,
      Consumer<DeadLetter> reader) {
    Instant deadline = Instant.now().plus(patience);
    while (consumer.position(partition, patience) < end) {
      for (ConsumerRecord<byte[], byte[]> stored : consumer.poll(POLL)) {
        deadline = Instant.now().plus(patience);
        if (stored.offset() < end) {
          reader.accept(new DeadLetter(stored));
        }
      }
      if (Instant.now().isAfter(deadline)) {
        throw new TimeoutException("expected the next dead letter of " + partition + " within "
            + patience.toSeconds() + " s, found none");
      }
    }
  }
}
