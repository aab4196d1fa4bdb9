package io.sirocco.streams.reprice;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.pricing.CostCalculator;
import io.sirocco.streams.topology.RefusedUsageException;
import io.sirocco.streams.topology.UsageAdmission;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads all usage there ever was and adds it up by hour, as the usage application does: each event
 * once, those that came too late not at all.
 *
 * <p>Immutable: each call has a consumer of its own, without a group.
 */
final class UsageHistory {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, String> clientProperties;
  private final Duration grace;
  private final UsageAdmission admission;

  UsageHistory(Map<String, String> clientProperties, Duration grace) {
    this.clientProperties = Map.copyOf(clientProperties);
    this.grace = grace;
    this.admission = new UsageAdmission(new JsonCodec(), grace);
  }

  /**
   * Returns the totals of each user, hour and model at the prices of {@code costs}.
   *
   * @throws TimeoutException when Kafka says nothing new for {@code limit}
   */
  Map<UsageKey, UsageTotals> read(HourRange range, CostCalculator costs, Duration limit) {
    Map<UsageKey, UsageTotals> hours = new HashMap<>();
    Map<TopicPartition, PartitionHistory> histories = new HashMap<>();
    try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
        properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = consumer.partitionsFor(Topics.USAGE, limit).stream()
          .map(partition -> new TopicPartition(Topics.USAGE, partition.partition()))
          .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, limit);
      long heardNanos = System.nanoTime();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey(), limit) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> taken : consumer.poll(POLL)) {
          heardNanos = System.nanoTime();
          histories
              .computeIfAbsent(
                  new TopicPartition(taken.topic(), taken.partition()),
                  any -> new PartitionHistory(range))
              .take(taken, costs, hours);
        }
        if (System.nanoTime() - heardNanos > limit.toNanos()) {
          throw new TimeoutException("expected to read more of " + Topics.USAGE + " in " + limit);
        }
      }
    }
    return hours;
  }

  private Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>(clientProperties);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return properties;
  }

  /** Where the reading of one partition stands. */
  private final class PartitionHistory {
    private final HourRange range;
    private final Set<String> seen = new HashSet<>();
    private long nowMillis;

    PartitionHistory(HourRange range) {
      this.range = range;
    }

    void take(
        ConsumerRecord<byte[], byte[]> taken,
        CostCalculator costs,
        Map<UsageKey, UsageTotals> hours) {
      nowMillis = Math.max(nowMillis, taken.timestamp());
      UsageEvent event;
      try {
        event = admission.admit(taken.key(), taken.value(), nowMillis);
      } catch (RefusedUsageException e) {
        return; // It was not counted then either.
      }
      UsageKey key = UsageKey.of(event, WindowSize.HOUR);
      if (isNear(event) && seen.add(event.id()) && range.holds(key)) {
        hours.merge(key, costs.price(event).totals(), UsageTotals::plus);
      }
    }

    /** Copies of one event need not agree on when it ended, but not far from each other. */
    private boolean isNear(UsageEvent event) {
      return event.endedMillis() >= range.fromMillis() - grace.toMillis()
          && event.endedMillis() < range.toMillis() + grace.toMillis();
    }
  }
}
