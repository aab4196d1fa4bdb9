package io.sirocco.streams;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.streams.http.HttpSettings;
import io.sirocco.streams.topic.UsageTopics;
import io.sirocco.streams.topology.UsageMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the usage application is started with.
 *
 * <p>Immutable.
 *
 * @param bootstrapServers where Kafka is, as {@code host:port}, separated by commas
 * @param applicationId the name of the consumer group and the prefix of the internal topics; another
 *     one counts everything again, from the beginning of the usage topic
 * @param stateFolder where the stores are kept between two runs; null for a temporary folder that is
 *     removed at the end, so that each start reads them from their changelogs
 * @param topics how topics are made that are missing
 * @param memory how late events and their copies may come
 * @param threads how many partitions are worked on at once
 * @param commitInterval how long others wait for totals: they see what is committed
 * @param groupProtocol how several processes share the partitions
 * @param clientProperties Kafka properties, of Streams and its clients, that win over the defaults
 *     here but not over the other settings
 * @param http where questions about usage are answered; null for nowhere
 */
public record StreamsSettings(
    String bootstrapServers,
    String applicationId,
    @Nullable Path stateFolder,
    UsageTopics topics,
    UsageMemory memory,
    int threads,
    Duration commitInterval,
    GroupProtocol groupProtocol,
    Map<String, String> clientProperties,
    @Nullable HttpSettings http) {

  public StreamsSettings {
    requireText("bootstrapServers", bootstrapServers);
    requireText("applicationId", applicationId);
    requireNonNull(topics, "topics");
    requireNonNull(memory, "memory");
    requireNonNull(groupProtocol, "groupProtocol");
    clientProperties = Map.copyOf(clientProperties);
    if (threads < 1) {
      throw new IllegalArgumentException("expected at least 1 thread, found " + threads);
    }
    if (commitInterval.isNegative() || commitInterval.isZero()) {
      throw new IllegalArgumentException(
          "expected a commit interval above 0, found " + commitInterval);
    }
  }

  /** Returns a builder with the defaults for a cluster. */
  public static Builder builder(String bootstrapServers) {
    return new Builder(bootstrapServers);
  }

  private static void requireText(String name, String value) {
    if (requireNonNull(value, name).isEmpty()) {
      throw new IllegalArgumentException("expected a text as " + name + ", found an empty one");
    }
  }

  /**
   * Collects settings.
   *
   * <p>Not thread-safe.
   */
  public static final class Builder {
    private final String bootstrapServers;
    private String applicationId = "sirocco-usage";
    private @Nullable Path stateFolder;
    private UsageTopics topics = new UsageTopics(Topics.USAGE_PARTITIONS, (short) -1);
    private UsageMemory memory = UsageMemory.DEFAULTS;
    private int threads = 1;
    private Duration commitInterval = Duration.ofMillis(200);
    private GroupProtocol groupProtocol = GroupProtocol.CLASSIC;
    private Map<String, String> clientProperties = Map.of();
    private @Nullable HttpSettings http;

    private Builder(String bootstrapServers) {
      this.bootstrapServers = bootstrapServers;
    }

    /** Sets the consumer group and the prefix of internal topics; {@code sirocco-usage}. */
    public Builder applicationId(String applicationId) {
      this.applicationId = applicationId;
      return this;
    }

    /** Sets where the stores are kept; a temporary folder. */
    public Builder stateFolder(@Nullable Path stateFolder) {
      this.stateFolder = stateFolder;
      return this;
    }

    /** Sets how missing topics are made; 4 partitions, with the replicas the brokers choose. */
    public Builder topics(UsageTopics topics) {
      this.topics = topics;
      return this;
    }

    /** Sets how late events may come; {@link UsageMemory#DEFAULTS}. */
    public Builder memory(UsageMemory memory) {
      this.memory = memory;
      return this;
    }

    /** Sets how many partitions are worked on at once; 1. */
    public Builder threads(int threads) {
      this.threads = threads;
      return this;
    }

    /** Sets the time between commits; 200 ms. */
    public Builder commitInterval(Duration commitInterval) {
      this.commitInterval = commitInterval;
      return this;
    }

    /** Sets the group protocol; the classic one. */
    public Builder groupProtocol(GroupProtocol groupProtocol) {
      this.groupProtocol = groupProtocol;
      return this;
    }

    /** Sets properties for Kafka Streams and its clients, such as those of TLS; none. */
    public Builder clientProperties(Map<String, String> clientProperties) {
      this.clientProperties = clientProperties;
      return this;
    }

    /** Sets where questions about usage are answered; nowhere. */
    public Builder http(@Nullable HttpSettings http) {
      this.http = http;
      return this;
    }

    /**
     * Returns the settings.
     *
     * @throws IllegalArgumentException when one of them is out of range
     */
    public StreamsSettings build() {
      return new StreamsSettings(
          bootstrapServers,
          applicationId,
          stateFolder,
          topics,
          memory,
          threads,
          commitInterval,
          groupProtocol,
          clientProperties,
          http);
    }
  }
}
