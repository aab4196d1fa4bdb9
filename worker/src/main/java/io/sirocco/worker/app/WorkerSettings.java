package io.sirocco.worker.app;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.intake.UserSource;
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
 * @param createsReplyTopics whether a reply topic that does not exist is made, for requesters that may
 *     not make any
 * @param users who pays when a request does not say so in a header
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
    boolean createsReplyTopics,
    UserSource users,
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
        false,
        UserSource.HEADER_OR_BODY,
        GRACE,
        Map.of());
  }

  /** Returns these settings with a number of partitions for a request topic that is new. */
  public WorkerSettings withPartitions(int count) {
    return with(Optional.of(count), createsReplyTopics, grace);
  }

  /** Returns these settings with reply topics made where they do not exist, or not. */
  public WorkerSettings withReplyTopicsCreated(boolean created) {
    return with(partitions, created, grace);
  }

  /** Returns these settings with another time for requests in progress to end. */
  public WorkerSettings withGrace(Duration other) {
    return with(partitions, createsReplyTopics, other);
  }

  private WorkerSettings with(
      Optional<Integer> newPartitions, boolean newCreatesReplyTopics, Duration newGrace) {
    return new WorkerSettings(
        bootstrapServers,
        model,
        newPartitions,
        inboxCapacity,
        maxBatchedTokens,
        allowedReplyTopics,
        newCreatesReplyTopics,
        users,
        newGrace,
        kafka);
  }

  /** The topic that the worker reads. */
  public String requestTopic() {
    return Topics.requests(model);
  }
}
