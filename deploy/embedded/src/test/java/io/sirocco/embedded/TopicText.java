package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The values of a topic from its beginning, as text; those that are committed.
 *
 * <p>Confined to one thread.
 */
final class TopicText implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<String> values = new ArrayList<>();

  TopicText(Map<String, String> client, String topic) {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("isolation.level", "read_committed");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Whether a value that was read by now contains {@code part}. */
  boolean contains(String part) {
    for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
      values.add(new String(found.value(), UTF_8));
    }
    return values.stream().anyMatch(value -> value.contains(part));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
