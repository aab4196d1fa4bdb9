package io.sirocco.worker.app;

import io.sirocco.contracts.model.ModelNames;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.config.WorkerConfig;
import io.sirocco.worker.engine.EngineLimits;
import io.sirocco.worker.intake.GroupProtocol;
import io.sirocco.worker.intake.UserSource;
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
 * @param inboxCapacity how many requests of a user, priority and partition may wait in the engine
 * @param limits how much the engine does at a time
 * @param samplingThreads how many rows of a step are sampled at once
 * @param allowedReplyTopics the reply topics that may be written to
 * @param createsReplyTopics whether a reply topic that does not exist is made, for requesters that may
 *     not make any
 * @param users who pays when a request does not say so in a header
 * @param groupProtocol how workers of the topic share its partitions
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
    EngineLimits limits,
    int samplingThreads,
    Pattern allowedReplyTopics,
    boolean createsReplyTopics,
    UserSource users,
    GroupProtocol groupProtocol,
    Duration grace,
    Map<String, String> kafka) {

  private static final int INBOX_CAPACITY = 16;
  private static final int SEQUENCES = 16;
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
        EngineLimits.of(SEQUENCES),
        1,
        Topics.ALLOWED_REPLY_TOPICS,
        false,
        UserSource.HEADER_OR_BODY,
        GroupProtocol.CONSUMER,
        GRACE,
        Map.of());
  }

  /** Returns the settings of the worker that serves {@code model} in a process so configured. */
  public static WorkerSettings of(WorkerConfig config, String model) {
    return new WorkerSettings(
        config.bootstrapServers(),
        model,
        config.aliasesOf(model),
        config.defaultModel().filter(model::equals).isPresent(),
        config.partitions(),
        config.inboxCapacity(),
        config.limits(),
        config.threads(),
        config.replyTopics(),
        config.createsReplyTopics(),
        config.users(),
        config.groupProtocol(),
        config.grace(),
        config.kafka());
  }

  /** Returns these settings with a number of partitions for a request topic that is new. */
  public WorkerSettings withPartitions(int count) {
    return with(aliases, isDefault, Optional.of(count), createsReplyTopics, groupProtocol, grace);
  }

  /** Returns these settings with reply topics made where they do not exist, or not. */
  public WorkerSettings withReplyTopicsCreated(boolean created) {
    return with(aliases, isDefault, partitions, created, groupProtocol, grace);
  }

  /** Returns these settings with another time for requests in progress to end. */
  public WorkerSettings withGrace(Duration other) {
    return with(aliases, isDefault, partitions, createsReplyTopics, groupProtocol, other);
  }

  /** Returns these settings with another way to share partitions. */
  public WorkerSettings withGroupProtocol(GroupProtocol other) {
    return with(aliases, isDefault, partitions, createsReplyTopics, other, grace);
  }

  /** Returns these settings with other names by which clients may ask for the model. */
  public WorkerSettings withAliases(List<String> others) {
    return with(others, isDefault, partitions, createsReplyTopics, groupProtocol, grace);
  }

  /** Returns these settings for the model that is meant when a request names none. */
  public WorkerSettings asDefault() {
    return with(aliases, true, partitions, createsReplyTopics, groupProtocol, grace);
  }

  /** Returns these settings with other properties of Kafka clients. */
  public WorkerSettings withKafka(Map<String, String> properties) {
    return new WorkerSettings(
        bootstrapServers,
        model,
        aliases,
        isDefault,
        partitions,
        inboxCapacity,
        limits,
        samplingThreads,
        allowedReplyTopics,
        createsReplyTopics,
        users,
        groupProtocol,
        grace,
        properties);
  }

  private WorkerSettings with(
      List<String> newAliases,
      boolean newIsDefault,
      Optional<Integer> newPartitions,
      boolean newCreatesReplyTopics,
      GroupProtocol newGroupProtocol,
      Duration newGrace) {
    return new WorkerSettings(
        bootstrapServers,
        model,
        newAliases,
        newIsDefault,
        newPartitions,
        inboxCapacity,
        limits,
        samplingThreads,
        allowedReplyTopics,
        newCreatesReplyTopics,
        users,
        newGroupProtocol,
        newGrace,
        kafka);
  }

  /** Without the values of Kafka properties, which may be secrets. */
  @Override
  public String toString() {
    return "WorkerSettings[" + bootstrapServers + ", " + model + ", kafka=" + kafka.keySet() + "]";
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
