package io.sirocco.client;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a client finds its broker and its model, and how it handles reply topics.
 *
 * <p>Immutable.
 *
 * @param bootstrapServers Kafka's own list of {@code host:port}, separated by commas
 * @param requestTopic the topic of all requests; null: each goes to that of the model it names, and
 *     one that names none to that of the default model
 * @param clientName begins the names of reply topics and the ids that the broker sees
 * @param kafkaProperties further properties of all Kafka clients, such as those of security; not
 *     those that the reply protocol rests on
 * @param replyTopicMode on which topics answers are written
 * @param readyTopics how many unused reply topics are kept ready
 * @param refillAt new ones are created when only that many are left
 * @param replicationFactor replicas of a reply topic; -1: the broker's default
 * @param replyRetention how long the broker keeps an answer that nobody deletes; a reply topic that
 *     was not used for half of it is replaced
 * @param deleteDelay how long an answer's topic outlives its end, for readers that come late
 * @param answersKept whether {@link SiroccoClient#close} leaves topics with answers for those who
 *     read them later, until the broker's retention or the janitor takes them
 * @param submitTimeout how long {@link SiroccoClient#submit} waits for the models, for a reply topic
 *     and for news about the request topic, each
 * @param closeTimeout how long {@link SiroccoClient#close} waits for workers and broker
 * @param receipts whether the bill can be held against what was read: of each answer that was read to
 *     its end, a receipt is written to {@code chat.receipts} where there is that topic
 */
public record ClientSettings(
    String bootstrapServers,
    @Nullable String requestTopic,
    String clientName,
    Map<String, String> kafkaProperties,
    ReplyTopicMode replyTopicMode,
    int readyTopics,
    int refillAt,
    short replicationFactor,
    Duration replyRetention,
    Duration deleteDelay,
    boolean answersKept,
    Duration submitTimeout,
    Duration closeTimeout,
    boolean receipts) {

  public ClientSettings {
    kafkaProperties = Map.copyOf(kafkaProperties);
    require(!bootstrapServers.isBlank(), "bootstrapServers", "a list of host:port", "none");
    if (requestTopic != null) {
      require(Topics.isLegal(requestTopic), "requestTopic", "the name of a topic", requestTopic);
    }
    require(
        Topics.isLegal(clientName) && clientName.length() <= 100,
        "clientName",
        "1 to 100 of the characters a-z A-Z 0-9 . _ -",
        clientName);
    require(readyTopics >= 1, "readyTopics", "at least 1", readyTopics);
    require(
        refillAt >= 0 && refillAt < readyTopics,
        "refillAt",
        "at least 0 and less than readyTopics",
        refillAt);
    require(
        replicationFactor == -1 || replicationFactor >= 1,
        "replicationFactor",
        "-1 or at least 1",
        replicationFactor);
    require(isPositive(replyRetention), "replyRetention", "more than 0", replyRetention);
    require(!deleteDelay.isNegative(), "deleteDelay", "at least 0", deleteDelay);
    require(isPositive(submitTimeout), "submitTimeout", "more than 0", submitTimeout);
    require(!closeTimeout.isNegative(), "closeTimeout", "at least 0", closeTimeout);
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  private static void require(boolean holds, String name, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          name + ": expected " + expected + ", found '" + found + "'");
    }
  }

  /** Returns a builder with the defaults. */
  public static Builder builder(String bootstrapServers) {
    return new Builder(bootstrapServers);
  }

  /** Leaves out the values of the Kafka properties, among which may be passwords. */
  @Override
  public String toString() {
    return "ClientSettings[bootstrapServers=" + bootstrapServers + ", requestTopic=" + requestTopic
        + ", clientName=" + clientName + ", kafkaProperties=" + kafkaProperties.keySet()
        + ", replyTopicMode=" + replyTopicMode + ", readyTopics=" + readyTopics + ", refillAt="
        + refillAt + ", replicationFactor="
        + replicationFactor + ", replyRetention=" + replyRetention + ", deleteDelay=" + deleteDelay
        + ", answersKept=" + answersKept + ", submitTimeout=" + submitTimeout
        + ", closeTimeout=" + closeTimeout + ", receipts=" + receipts + "]";
  }

  /**
   * Collects settings; what is not set has the default of its method.
   *
   * <p>Not thread-safe.
   */
  public static final class Builder {
    private final String bootstrapServers;
    private final Map<String, String> kafkaProperties = new LinkedHashMap<>();
    private @Nullable String requestTopic;
    private String clientName = "client";
    private ReplyTopicMode replyTopicMode = ReplyTopicMode.SINGLE_USE;
    private int readyTopics = 32;
    private @Nullable Integer refillAt;
    private short replicationFactor = -1;
    private Duration replyRetention = Duration.ofDays(1);
    private Duration deleteDelay = Duration.ofMinutes(1);
    private boolean answersKept;
    private Duration submitTimeout = Duration.ofSeconds(10);
    private Duration closeTimeout = Duration.ofSeconds(5);
    private boolean receipts = true;

    private Builder(String bootstrapServers) {
      this.bootstrapServers = bootstrapServers;
    }

    /**
     * Sets the request topic to that of a model, to be given by its name; default: none, each request
     * goes to the model that it names.
     */
    public Builder model(String model) {
      return requestTopic(Topics.requests(model));
    }

    /** Sets the topic of all requests; default: none, each goes to the model that it names. */
    public Builder requestTopic(String requestTopic) {
      this.requestTopic = requestTopic;
      return this;
    }

    /** Sets what the names of reply topics begin with; default: {@code client}. */
    public Builder clientName(String clientName) {
      this.clientName = clientName;
      return this;
    }

    /** Sets a property of all Kafka clients; default: none. */
    public Builder kafkaProperty(String name, String value) {
      kafkaProperties.put(name, value);
      return this;
    }

    /** Sets properties of all Kafka clients; default: none. */
    public Builder kafkaProperties(Map<String, String> properties) {
      kafkaProperties.putAll(properties);
      return this;
    }

    /** Sets on which topics answers are written; default: a new one for each. */
    public Builder replyTopics(ReplyTopicMode mode) {
      this.replyTopicMode = mode;
      return this;
    }

    /** Sets how many unused reply topics are kept ready; default: 32. */
    public Builder readyTopics(int readyTopics) {
      this.readyTopics = readyTopics;
      return this;
    }

    /** Sets at how many unused reply topics new ones are created; default: half of those ready. */
    public Builder refillAt(int refillAt) {
      this.refillAt = refillAt;
      return this;
    }

    /** Sets the replicas of a reply topic; default: -1, the broker's own default. */
    public Builder replicationFactor(int replicationFactor) {
      this.replicationFactor = (short) replicationFactor;
      return this;
    }

    /** Sets how long the broker keeps an answer that nobody deletes; default: a day. */
    public Builder replyRetention(Duration replyRetention) {
      this.replyRetention = replyRetention;
      return this;
    }

    /** Sets how long an answer's topic outlives its end; default: a minute. */
    public Builder deleteDelay(Duration deleteDelay) {
      this.deleteDelay = deleteDelay;
      return this;
    }

    /**
     * Sets whether topics with answers are left when the client is closed; default: false, they are
     * deleted.
     */
    public Builder answersKept(boolean answersKept) {
      this.answersKept = answersKept;
      return this;
    }

    /** Sets how long submit waits for broker and topics; default: 10 seconds. */
    public Builder submitTimeout(Duration submitTimeout) {
      this.submitTimeout = submitTimeout;
      return this;
    }

    /** Sets how long close waits for workers and broker; default: 5 seconds. */
    public Builder closeTimeout(Duration closeTimeout) {
      this.closeTimeout = closeTimeout;
      return this;
    }

    /** Sets whether receipts of answers are written, against which bills are held; default: yes. */
    public Builder receipts(boolean receipts) {
      this.receipts = receipts;
      return this;
    }

    /**
     * Returns the settings.
     *
     * @throws IllegalArgumentException naming the setting at fault
     */
    public ClientSettings build() {
      return new ClientSettings(
          bootstrapServers,
          requestTopic,
          clientName,
          kafkaProperties,
          replyTopicMode,
          readyTopics,
          refillAt == null ? readyTopics / 2 : refillAt,
          replicationFactor,
          replyRetention,
          deleteDelay,
          answersKept,
          submitTimeout,
          closeTimeout,
          receipts);
    }
  }
}
