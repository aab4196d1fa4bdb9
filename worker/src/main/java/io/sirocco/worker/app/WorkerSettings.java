package io.sirocco.worker.app;

import io.sirocco.contracts.model.ModelNames;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
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
 * @param aliases other names by which clients may ask for the model
 * @param isDefault whether requests that name no model are meant for this one
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
    List<String> aliases,
    boolean isDefault,
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
    aliases = new ModelNames(model, aliases).aliases();
    kafka = Map.copyOf(kafka);
  }

  /** Returns the settings of a worker of which nothing else is said. */
  public static WorkerSettings of(String bootstrapServers, String model) {
    return new WorkerSettings(
        bootstrapServers,
        model,
        List.of(),
        false,
        Optional.empty(),
        INBOX_CAPACITY,
        MAX_BATCHED_TOKENS,
        Topics.ALLOWED_REPLY_TOPICS,
        GRACE,
        Map.of());
  }

  /** Returns these settings with a number of partitions for a request topic that is new. */
  public WorkerSettings withPartitions(int count) {
    return with(aliases, isDefault, Optional.of(count), grace);
  }

  /** Returns these settings with another time for requests in progress to end. */
  public WorkerSettings withGrace(Duration other) {
    return with(aliases, isDefault, partitions, other);
  }

  /** Returns these settings with other names by which clients may ask for the model. */
  public WorkerSettings withAliases(List<String> others) {
    return with(others, isDefault, partitions, grace);
  }

  /** Returns these settings for the model that is meant when a request names none. */
  public WorkerSettings asDefault() {
    return with(aliases, true, partitions, grace);
  }

  private WorkerSettings with(
      List<String> newAliases,
      boolean newIsDefault,
      Optional<Integer> newPartitions,
      Duration newGrace) {
    return new WorkerSettings(
        bootstrapServers,
        model,
        newAliases,
        newIsDefault,
        newPartitions,
        inboxCapacity,
        maxBatchedTokens,
        allowedReplyTopics,
        newGrace,
        kafka);
  }

  /** The names by which the model is asked for. */
  public ModelNames names() {
    return new ModelNames(model, aliases);
  }

  /** The topic that the worker reads. */
  public String requestTopic() {
    return Topics.requests(model);
  }
}
