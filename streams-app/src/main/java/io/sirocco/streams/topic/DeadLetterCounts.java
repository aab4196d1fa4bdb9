package io.sirocco.streams.topic;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records wait on each dead-letter topic that has any. Looked up at most once in {@link
 * #FRESH}; while Kafka does not answer, what was known last.
 *
 * <p>Thread-safe.
 */
public final class DeadLetterCounts implements Supplier<Map<String, Long>>, AutoCloseable {
  /** How old an answer may be. */
  public static final Duration FRESH = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterCounts.class);
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final Admin admin;
  private Map<String, Long> known = Map.of();
  private long lookedAtNanos;
  private boolean looked;

  /** @param clientProperties {@code bootstrap.servers} and what else Kafka's clients need */
  public DeadLetterCounts(Map<String, Object> clientProperties) {
    admin = Admin.create(clientProperties);
  }

  @Override
  public synchronized Map<String, Long> get() {
    if (!looked || System.nanoTime() - lookedAtNanos > FRESH.toNanos()) {
      looked = true;
      lookedAtNanos = System.nanoTime();
      try {
        known = look();
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn("dead letters cannot be counted: {}", e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return known;
  }

  private Map<String, Long> look()
      throws ExecutionException, TimeoutException, InterruptedException {
    List<String> topics =
        admin.listTopics().names().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS).stream()
            .filter(name -> name.endsWith(Topics.DEAD_LETTER_SUFFIX))
            .toList();
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    Map<TopicPartition, OffsetSpec> last = new HashMap<>();
    for (TopicDescription topic : admin
        .describeTopics(topics)
        .allTopicNames()
        .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .values()) {
      topic.partitions().forEach(partition -> {
        TopicPartition at = new TopicPartition(topic.name(), partition.partition());
        first.put(at, OffsetSpec.earliest());
        last.put(at, OffsetSpec.latest());
      });
    }
    Map<TopicPartition, Long> begins = offsets(first);
    TreeMap<String, Long> counts = new TreeMap<>();
    offsets(last).forEach((at, end) -> {
      long count = end - begins.getOrDefault(at, 0L);
      if (count > 0) {
        counts.merge(at.topic(), count, Long::sum);
      }
    });
    return Map.copyOf(counts);
  }

  private Map<TopicPartition, Long> offsets(Map<TopicPartition, OffsetSpec> of)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> found :
        admin.listOffsets(of).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS).entrySet()) {
      offsets.put(found.getKey(), found.getValue().offset());
    }
    return offsets;
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
