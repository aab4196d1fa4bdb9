package io.sirocco.embedded.doctor;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.intake.GroupCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether dead workers are noticed soon, and whether brokers accept the transactions that close requests.
 *
 * <p>Immutable.
 */
record TimeoutCheck() implements Check {
  private static final long SLOW_MILLIS = 10_000;

  /** What Kafka Streams asks for where a record is to be counted once. */
  private static final long STREAMS_TRANSACTION_MILLIS = 10_000;

  private static final String SESSION = "group.consumer.session.timeout.ms";
  private static final String OF_GROUP = "consumer.session.timeout.ms";

  @Override
  public List<Finding> of(ClusterState cluster) {
    List<Finding> findings = new ArrayList<>();
    List<String> requests = RequestTopicNames.among(cluster.topics().keySet());
    long longest = 0;
    for (String topic : requests.isEmpty() ? List.of(Topics.requests("MODEL")) : requests) {
      String group = Topics.workerGroup(topic);
      Optional<Long> session = session(cluster, group);
      longest = Math.max(longest, session.orElse(0L));
      session.ifPresent(millis -> findings.add(session(cluster, group, millis)));
    }
    heartbeats(cluster, findings);
    classic(cluster, findings);
    transactions(cluster, longest, findings);
    return findings;
  }

  private static Optional<Long> session(ClusterState cluster, String group) {
    String ofGroup = cluster
        .groups()
        .getOrDefault(group, new GroupState(0, Map.of(), Set.of()))
        .settings()
        .get(OF_GROUP);
    return ofGroup == null ? cluster.number(SESSION) : Optional.of(Long.valueOf(ofGroup));
  }

  private static Finding session(ClusterState cluster, String group, long millis) {
    long least = cluster.number("group.consumer.min.session.timeout.ms").orElse(SLOW_MILLIS);
    long wanted = SLOW_MILLIS;
    String first = least > wanted
        ? "group.consumer.min.session.timeout.ms=%d in each broker's file (it is %d) and a restart, then "
            .formatted(wanted, least)
        : "";
    return Finding.of(
        millis > wanted ? Status.WARN : Status.OK,
        "session of " + group,
        millis + " ms",
        "at most %d ms: so long the answers of a dead worker stand still".formatted(wanted),
        first + cluster.commands().setGroup(group, OF_GROUP + "=" + wanted)
            + ", or set worker.group-protocol=classic");
  }

  private static void heartbeats(ClusterState cluster, List<Finding> findings) {
    String setting = "group.consumer.heartbeat.interval.ms";
    Optional<Long> session = cluster.number(SESSION);
    Optional<Long> interval = cluster.number(setting);
    if (session.isPresent() && interval.isPresent()) {
      findings.add(Finding.of(
          3 * interval.get() > session.get() ? Status.WARN : Status.OK,
          setting,
          interval.get() + " ms",
          "at most a third of the session of %d ms: one late heartbeat is no death"
              .formatted(session.get()),
          "%s=%d in each broker's file, group.consumer.min.heartbeat.interval.ms no more, and a restart"
              .formatted(setting, session.get() / 4)));
    }
  }

  private static void classic(ClusterState cluster, List<Finding> findings) {
    long wanted = GroupCheck.CLASSIC_SESSION.toMillis();
    Optional<Long> least = cluster.number("group.min.session.timeout.ms");
    Optional<Long> most = cluster.number("group.max.session.timeout.ms");
    if (least.isPresent() && most.isPresent()) {
      findings.add(Finding.of(
          least.get() > wanted || most.get() < wanted ? Status.WARN : Status.OK,
          "session of the classic protocol",
          "%d to %d ms".formatted(least.get(), most.get()),
          "%d ms within it, which workers with worker.group-protocol=classic ask for"
              .formatted(wanted),
          "group.min.session.timeout.ms=%d in each broker's file, and a restart"
              .formatted(wanted)));
    }
  }

  /** A worker's transactions may be open as long as its session; a longer time than this is refused. */
  private static void transactions(ClusterState cluster, long session, List<Finding> findings) {
    String setting = "transaction.max.timeout.ms";
    long wanted = Math.max(
        Math.max(session, GroupCheck.CLASSIC_SESSION.toMillis()), STREAMS_TRANSACTION_MILLIS);
    cluster
        .number(setting)
        .ifPresent(millis -> findings.add(Finding.of(
            millis < wanted ? Status.FAIL : Status.OK,
            setting,
            millis + " ms",
            "at least %d ms: workers ask for their session, the usage application for %d ms"
                .formatted(wanted, STREAMS_TRANSACTION_MILLIS),
            setting + "=" + Math.max(wanted, 900_000) + " in each broker's file, and a restart")));
  }
}
