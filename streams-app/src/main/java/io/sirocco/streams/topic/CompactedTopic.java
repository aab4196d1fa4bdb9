package io.sirocco.streams.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;

/**
 * A compacted topic as it stands: of each key the last committed value.
 *
 * <p>Immutable: each call has a consumer of its own, without a group.
 *
 * @param name the topic
 * @param clientProperties how to reach Kafka: {@code bootstrap.servers} and what else clients need
 */
record CompactedTopic(String name, Map<String, String> clientProperties) {
  private static final Duration POLL = Duration.ofMillis(100);

  CompactedTopic {
    clientProperties = Map.copyOf(clientProperties);
  }

  /**
   * Reads the topic to the end that it has now; of a topic that is not there, nothing.
   *
   * @throws TimeoutException when that takes longer than {@code limit}
   */
  Map<Bytes, byte[]> read(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    Map<Bytes, byte[]> latest = new LinkedHashMap<>();
    try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
        properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = consumer.partitionsFor(name, limit).stream()
          .map(partition -> new TopicPartition(name, partition.partition()))
          .toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, limit);
      consumer.seekToBeginning(partitions);
      while (!ends.entrySet().stream()
          .allMatch(end -> consumer.position(end.getKey(), limit) >= end.getValue())) {
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("expected to read " + name + " within " + limit);
        }
        consumer.poll(POLL).forEach(record -> fold(latest, record));
      }
    }
    return latest;
  }

  private static void fold(Map<Bytes, byte[]> latest, ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    if (record.value() == null) {
      latest.remove(Bytes.wrap(record.key()));
    } else {
      latest.put(Bytes.wrap(record.key()), record.value());
    }
  }

  private Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>(clientProperties);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return properties;
  }
}
