package io.sirocco.embedded.doctor;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.embedded.doctor.ExpectedTopic.Cleanup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Whether the topics are there, keep what must be kept, and divide as they must.
 *
 * <p>Immutable.
 */
record TopicCheck() implements Check {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long DAY_MILLIS = 24 * HOUR_MILLIS;

  @Override
  public List<Finding> of(ClusterState cluster) {
    List<Finding> findings = new ArrayList<>();
    List<String> requests = RequestTopicNames.among(cluster.topics().keySet());
    if (requests.isEmpty()) {
      findings.add(Finding.warn(
          Topics.REQUESTS_PREFIX + "*",
          "none",
          "a topic of requests for each model; the first worker makes it where it may",
          cluster.commands().createTopic(Topics.requests("MODEL"), "--partitions 8")));
    }
    for (ExpectedTopic expected : ExpectedTopic.all(requests)) {
      TopicState topic = cluster.topics().get(expected.name());
      if (topic != null) {
        look(cluster, expected, topic, findings);
      } else if (expected.required()) {
        findings.add(missing(cluster, expected));
      }
    }
    return findings;
  }

  private static Finding missing(ClusterState cluster, ExpectedTopic expected) {
    String partitions = expected
        .partitions()
        .map(count -> "--partitions " + count + " ")
        .orElse(dividedAsUsage(expected) ? "--partitions " + usage(cluster) + " " : "");
    String retention = expected.cleanup() == Cleanup.KEPT ? " --config retention.ms=-1" : "";
    return Finding.warn(
        expected.name(),
        "not there, or one may not see it",
        "it to be there; " + expected.maker() + " makes it where it may",
        cluster
            .commands()
            .createTopic(
                expected.name(),
                partitions + "--config cleanup.policy=" + expected.cleanup().policy() + retention));
  }

  private static void look(
      ClusterState cluster, ExpectedTopic expected, TopicState topic, List<Finding> findings) {
    if (topic.settings().isEmpty()) {
      findings.add(Finding.warn(
          topic.name(),
          "one may not look at its settings",
          "to see them",
          cluster.commands().allow("DescribeConfigs", "--topic " + topic.name())));
    } else {
      Finding policy = policy(cluster, expected, topic);
      findings.add(policy);
      if (policy.status() == Status.OK) {
        retention(cluster, expected, topic).ifPresent(findings::add);
      }
    }
    partitions(cluster, expected, topic).ifPresent(findings::add);
  }

  private static Finding policy(ClusterState cluster, ExpectedTopic expected, TopicState topic) {
    String wanted = expected.cleanup().policy();
    String found = topic.settings().getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
    Set<String> has = Set.of(found.split(",", -1));
    Set<String> wants = Set.of(wanted.split(",", -1));
    boolean loses = has.contains("compact") != wants.contains("compact")
        || (has.contains("delete") && !wants.contains("delete"));
    Status status = loses ? Status.FAIL : has.equals(wants) ? Status.OK : Status.WARN;
    return Finding.of(
        status,
        topic.name() + " cleanup.policy",
        found,
        wanted + why(expected.cleanup()),
        cluster.commands().setTopic(topic.name(), "cleanup.policy=" + wanted));
  }

  private static String why(Cleanup cleanup) {
    return switch (cleanup) {
      case EXPIRES, KEPT -> ": compacted, records of one key would replace each other";
      case COMPACTED -> ": otherwise what is still true is deleted when it is old";
      case COMPACTED_AND_EXPIRES -> ": otherwise it grows, or what is still true is deleted";
    };
  }

  private static Optional<Finding> retention(
      ClusterState cluster, ExpectedTopic expected, TopicState topic) {
    long millis = topic.number(TopicConfig.RETENTION_MS_CONFIG).orElse(-1L);
    long bytes = topic.number(TopicConfig.RETENTION_BYTES_CONFIG).orElse(-1L);
    return switch (expected.cleanup()) {
      case COMPACTED -> Optional.empty();
      case KEPT ->
        Optional.of(Finding.of(
            millis >= 0 || bytes >= 0 ? Status.FAIL : Status.OK,
            topic.name() + " retention",
            "ms=%d, bytes=%d".formatted(millis, bytes),
            "-1 of both: bills are made of it",
            cluster.commands().setTopic(topic.name(), "retention.ms=-1", "retention.bytes=-1")));
      case EXPIRES, COMPACTED_AND_EXPIRES -> {
        boolean isShort = millis >= 0 && millis < HOUR_MILLIS;
        yield Optional.of(Finding.of(
            isShort || millis < 0 ? Status.WARN : Status.OK,
            topic.name() + " retention.ms",
            Long.toString(millis),
            "longer than a request may wait, an hour at least, and not for ever",
            cluster.commands().setTopic(topic.name(), "retention.ms=" + DAY_MILLIS)));
      }
    };
  }

  private static Optional<Finding> partitions(
      ClusterState cluster, ExpectedTopic expected, TopicState topic) {
    if (dividedAsUsage(expected)) {
      return Optional.of(Finding.of(
          topic.partitions() == usage(cluster) ? Status.OK : Status.FAIL,
          topic.name() + " partitions",
          Integer.toString(topic.partitions()),
          usage(cluster) + ", as " + Topics.USAGE + " has: a user's records meet in one task",
          "delete and make it again while it is empty: "
              + cluster
                  .commands()
                  .createTopic(
                      topic.name(),
                      "--partitions " + usage(cluster) + " --config retention.ms=-1")));
    }
    if (topic.name().startsWith(Topics.REQUESTS_PREFIX)
        && !topic.name().endsWith(Topics.DEAD_LETTER_SUFFIX)) {
      return Optional.of(forWorkers(cluster, topic));
    }
    return Optional.empty();
  }

  private static Finding forWorkers(ClusterState cluster, TopicState topic) {
    GroupState group = cluster
        .groups()
        .getOrDefault(Topics.workerGroup(topic.name()), new GroupState(0, Map.of(), Set.of()));
    return Finding.of(
        group.members() > topic.partitions() ? Status.WARN : Status.OK,
        topic.name() + " partitions",
        "%d, and %d workers".formatted(topic.partitions(), group.members()),
        "as many as there will ever be workers, better twice",
        "kafka-topics.sh --bootstrap-server %s --alter --topic %s --partitions %d, when nothing waits"
            .formatted(cluster.servers(), topic.name(), 2 * group.members()));
  }

  private static boolean dividedAsUsage(ExpectedTopic expected) {
    return expected.name().equals(Topics.RECEIPTS) || expected.name().equals(Topics.CORRECTIONS);
  }

  private static int usage(ClusterState cluster) {
    TopicState usage = cluster.topics().get(Topics.USAGE);
    return usage == null ? Topics.USAGE_PARTITIONS : usage.partitions();
  }
}
