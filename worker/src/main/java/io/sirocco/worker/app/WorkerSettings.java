package io.sirocco.worker.app;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.config.WorkerConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a worker is told.
 *
 * <p>Immutable.
 *
 * @param bootstrapServers where the brokers are
 * @param model the name under which the model is served; names its request topic too
 * @param partitions how many partitions the request topic gets if it does not exist yet
 * @param inboxCapacity how many requests may wait for a place in the cache
 * @param maxBatchedTokens the most tokens computed in one step
 * @param allowedReplyTopics the reply topics that may be written to
 * @param grace how long requests in progress may take to end when the worker is closed
 * @param kafka properties for all Kafka clients, such as those of security
 */
public record WorkerSettings(
    String bootstrapServers,
    String model,
    Optional<Integer> partitions,
    int inboxCapacity,
    int maxBatchedTokens,
    Pattern allowedReplyTopics,
    Duration grace,
    Map<String, String> kafka) {

  private static final int INBOX_CAPACITY = 16;
  private static final int MAX_BATCHED_TOKENS = 512;
  private static final Duration GRACE = Duration.ofSeconds(30);

  public WorkerSettings {
    kafka = Map.copyOf(kafka);
  }

  /** Returns the settings of a worker of which nothing else is said. */
  public static WorkerSettings of(String bootstrapServers, String model) {
    return new WorkerSettings(
        bootstrapServers,
        model,
        Optional.empty(),
        INBOX_CAPACITY,
        MAX_BATCHED_TOKENS,
        Topics.ALLOWED_REPLY_TOPICS,
        GRACE,
        Map.of());
  }

  /** Returns the settings of the worker that serves {@code model} in a process so configured. */
  public static WorkerSettings of(WorkerConfig config, String model) {
    return new WorkerSettings(
        config.bootstrapServers(),
        model,
        config.partitions(),
        config.inboxCapacity(),
        config.maxBatchedTokens(),
        config.replyTopics(),
        config.grace(),
        config.kafka());
  }

  /** Returns these settings with a number of partitions for a request topic that is new. */
  public WorkerSettings withPartitions(int count) {
    return with(Optional.of(count), grace);
  }

  /** Returns these settings with another time for requests in progress to end. */
  public WorkerSettings withGrace(Duration other) {
    return with(partitions, other);
  }

  private WorkerSettings with(Optional<Integer> newPartitions, Duration newGrace) {
    return new WorkerSettings(
        bootstrapServers,
        model,
        newPartitions,
        inboxCapacity,
        maxBatchedTokens,
        allowedReplyTopics,
        newGrace,
        kafka);
  }

  /** The topic that the worker reads. */
  public String requestTopic() {
    return Topics.requests(model);
  }
}
