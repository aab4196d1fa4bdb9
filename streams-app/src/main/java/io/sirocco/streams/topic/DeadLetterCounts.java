package io.sirocco.streams.topic;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records wait on each dead-letter topic that has any.
 *
 * <p>They are counted one by one, each once: offsets would count the marks of transactions too. So
 * the first look at a long topic takes several calls, and counts up meanwhile. There is a look at
 * most once in {@link #FRESH}; while Kafka does not answer, what was known last is said.
 *
 * <p>Thread-safe.
 */
public final class DeadLetterCounts implements Supplier<Map<String, Long>>, AutoCloseable {
  /** How old an answer may be. */
  public static final Duration FRESH = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterCounts.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> counts = new HashMap<>();
  private final Map<TopicPartition, Long> begins = new HashMap<>();
  private long lookedAtNanos;
  private boolean looked;
  private boolean closed;

  /** @param clientProperties {@code bootstrap.servers} and what else Kafka's clients need */
  public DeadLetterCounts(Map<String, Object> clientProperties) {
    Map<String, Object> properties = new HashMap<>(clientProperties);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public synchronized Map<String, Long> get() {
    if (!closed && (!looked || System.nanoTime() - lookedAtNanos > FRESH.toNanos())) {
      looked = true;
      lookedAtNanos = System.nanoTime();
      try {
        look();
      } catch (KafkaException e) {
        LOG.warn("dead letters cannot be counted: {}", e.toString());
      }
    }
    TreeMap<String, Long> topics = new TreeMap<>();
    counts.forEach((at, count) -> {
      if (count > 0) {
        topics.merge(at.topic(), count, Long::sum);
      }
    });
    return Map.copyOf(topics);
  }

  private void look() {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    List<TopicPartition> partitions = partitions();
    counts.keySet().retainAll(partitions);
    consumer.assign(partitions);
    restartWhereTheBeginMoved(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, LIMIT);
    while (System.nanoTime() < deadline
        && ends.entrySet().stream()
            .anyMatch(end -> consumer.position(end.getKey(), LIMIT) < end.getValue())) {
      consumer
          .poll(POLL)
          .forEach(record ->
              counts.merge(new TopicPartition(record.topic(), record.partition()), 1L, Long::sum));
    }
  }

  private List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    consumer.listTopics(LIMIT).forEach((topic, of) -> {
      if (topic.endsWith(Topics.DEAD_LETTER_SUFFIX)) {
        for (PartitionInfo partition : of) {
          partitions.add(new TopicPartition(topic, partition.partition()));
        }
      }
    });
    return partitions;
  }

  /** What the broker has removed since does not wait any more. */
  private void restartWhereTheBeginMoved(Collection<TopicPartition> partitions) {
    consumer.beginningOffsets(partitions, LIMIT).forEach((at, begin) -> {
      if (!begin.equals(begins.put(at, begin))) {
        counts.put(at, 0L);
        consumer.seek(at, begin);
      }
    });
  }

  @Override
  public synchronized void close() {
    closed = true;
    consumer.close();
  }
}
