package io.sirocco.streams.query;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.reconciliation.Reconciliation;
import io.sirocco.streams.topology.UsageStores;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * What all processes of the application know together: about one user it asks the process that has
 * the user's partition, about all users every process that has one.
 *
 * <p>A report that lacks a part would look like a smaller bill, so one process that does not answer
 * makes the whole unavailable.
 *
 * <p>Thread-safe.
 */
public final class ClusterUsage implements UsageSource {
  private final KafkaStreams streams;
  private final int partitions;
  private final HostInfo self;
  private final UsageSource local;
  private final Function<HostInfo, UsageSource> peers;

  /**
   * @param streams the application of this process
   * @param partitions how many partitions the usage topic has
   * @param self where other processes reach this one
   * @param local what this process knows
   * @param peers how another process is asked
   */
  public ClusterUsage(
      KafkaStreams streams,
      int partitions,
      HostInfo self,
      UsageSource local,
      Function<HostInfo, UsageSource> peers) {
    this.streams = requireNonNull(streams, "streams");
    this.partitions = partitions;
    this.self = requireNonNull(self, "self");
    this.local = requireNonNull(local, "local");
    this.peers = requireNonNull(peers, "peers");
  }

  @Override
  public List<WindowTotals> totals(UsageQuestion question) {
    // All users together stand in every process: each has added up its own.
    String user = UsageStores.ALL_USERS.equals(question.user()) ? null : question.user();
    return asked(user, source -> source.totals(question));
  }

  @Override
  public List<LatencyCount> latency(UsageQuestion question) {
    return asked(null, source -> source.latency(question));
  }

  @Override
  public List<PricedUsage> requests(RequestsQuestion question) {
    return asked(question.user(), source -> source.requests(question));
  }

  @Override
  public Reconciliation reconciliation(TimeQuestion question) {
    return Reconciliation.sum(asked(null, source -> List.of(source.reconciliation(question))));
  }

  private <T> List<T> asked(@Nullable String user, Function<UsageSource, List<T>> question) {
    List<T> answers = new ArrayList<>();
    for (HostInfo host : user == null ? all() : List.of(ownerOf(user))) {
      answers.addAll(question.apply(host.equals(self) ? local : peers.apply(host)));
    }
    return List.copyOf(answers);
  }

  private Collection<HostInfo> all() {
    if (!streams.state().isRunningOrRebalancing()) {
      // Throws what is true of this state.
      return List.of(self);
    }
    Collection<StreamsMetadata> hosts = streams.streamsMetadataForStore(UsageStores.TOTALS);
    long assigned = hosts.stream()
        .flatMap(host -> host.topicPartitions().stream())
        .filter(partition -> partition.topic().equals(Topics.USAGE))
        .distinct()
        .count();
    if (assigned < partitions) {
      throw new UsageUnavailableException(
          "nobody has some of the totals yet; ask again in a moment");
    }
    return hosts.stream().map(StreamsMetadata::hostInfo).toList();
  }

  /** The totals of a user are where the user's events are: the key of the stores begins with it. */
  private HostInfo ownerOf(String user) {
    if (!streams.state().isRunningOrRebalancing()) {
      return self;
    }
    KeyQueryMetadata owner =
        streams.queryMetadataForKey(UsageStores.TOTALS, user, new StringSerializer());
    if (owner.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
      throw new UsageUnavailableException(
          "nobody has the user's totals yet; ask again in a moment");
    }
    return owner.activeHost();
  }
}
