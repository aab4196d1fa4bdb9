package io.sirocco.embedded;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.testkit.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

/** Reads the bills of a broker, those that are committed. */
final class UsageEvents {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private UsageEvents() {}

  /** Waits for the bill of {@code requestId}; returns all that there are. */
  static List<UsageEvent> of(KafkaBroker broker, String requestId) {
    List<UsageEvent> bills = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> reader = new KafkaConsumer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
        new StringDeserializer(),
        new ByteArrayDeserializer())) {
      List<TopicPartition> usage = reader.partitionsFor(Topics.USAGE).stream()
          .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
          .toList();
      reader.assign(usage);
      reader.seekToBeginning(usage);
      Awaitility.await().atMost(PATIENCE).until(() -> {
        for (ConsumerRecord<String, byte[]> event : reader.poll(Duration.ofMillis(100))) {
          UsageEvent bill = new JsonCodec().read(event.value(), UsageEvent.class);
          if (bill.requestId().equals(requestId)) {
            bills.add(bill);
          }
        }
        return !bills.isEmpty();
      });
    }
    return bills;
  }
}
