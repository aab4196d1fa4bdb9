package io.sirocco.embedded.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads whole topics as they are, of transactions what is committed.
 *
 * <p>Immutable.
 *
 * @param bootstrapServers where the brokers are
 */
record CommittedLog(String bootstrapServers) {
  private static final Duration POLL = Duration.ofMillis(100);

  /** All usage events, copies included. */
  List<UsageEvent> bills() throws MalformedJsonException {
    JsonCodec codec = new JsonCodec();
    List<UsageEvent> bills = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> event : records(Topics.USAGE)) {
      bills.add(codec.read(event.value(), UsageEvent.class));
    }
    return bills;
  }

  /** The request ids of the dead letters, or their places where they have none. */
  List<String> deadLetters() {
    return records(Topics.deadLetters(Topics.requests(ChaosSettings.MODEL))).stream()
        .map(CommittedLog::requestId)
        .toList();
  }

  private static String requestId(ConsumerRecord<byte[], byte[]> letter) {
    Header id = letter.headers().lastHeader(Headers.REQUEST_ID);
    return id == null
        ? "%s/%d/%d".formatted(letter.topic(), letter.partition(), letter.offset())
        : new String(id.value(), UTF_8);
  }

  /** How many records each partition of the requests has. */
  Map<Integer, Long> requestEnds() {
    Map<Integer, Long> ends = new HashMap<>();
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      consumer
          .endOffsets(partitions(consumer, Topics.requests(ChaosSettings.MODEL)))
          .forEach((partition, end) -> ends.put(partition.partition(), end));
    }
    return ends;
  }

  private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(POLL).forEach(records::add);
      }
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
    return records;
  }

  private static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  private Consumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            IsolationLevel.READ_COMMITTED.toString(),
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            20),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
