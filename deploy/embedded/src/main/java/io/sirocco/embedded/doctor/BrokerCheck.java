package io.sirocco.embedded.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Whether there are enough brokers of a version that is known to work, all with the same settings.
 *
 * <p>Immutable.
 */
record BrokerCheck() implements Check {
  private static final int BROKERS = 3;
  private static final String METADATA = "metadata.version";
  private static final String GROUPS = "group.version";

  /** The tests run on brokers of this version. */
  private static final MetadataVersion TRIED = MetadataVersion.IBP_4_3_IV0;

  private static final List<String> SHARED = List.of(
      "group.consumer.session.timeout.ms",
      "transaction.max.timeout.ms",
      "message.max.bytes",
      "auto.create.topics.enable",
      "authorizer.class.name");

  @Override
  public List<Finding> of(ClusterState cluster) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.of(
        cluster.brokers() < BROKERS ? Status.WARN : Status.OK,
        "brokers",
        cluster.brokers() + " at " + cluster.servers(),
        BROKERS + " or more: with fewer, one that is lost takes records or writing with it",
        "add brokers, then replicas with kafka-reassign-partitions.sh"));
    findings.add(version(cluster));
    findings.add(groups(cluster));
    if (cluster.settings().isEmpty()) {
      findings.add(Finding.warn(
          "settings of brokers",
          "one may not look at them",
          "to see them: timeouts, sizes and authorisation are not checked",
          cluster.commands().allow("DescribeConfigs", "--cluster")));
      return findings;
    }
    findings.add(topicsMadeByChance(cluster));
    findings.add(authorisation(cluster));
    for (String setting : SHARED) {
      Set<String> values = cluster.values(setting);
      if (values.size() > 1) {
        findings.add(Finding.warn(
            setting,
            "brokers have " + String.join(" and ", values),
            "one value on all",
            "one value of %s in each broker's file, and a restart".formatted(setting)));
      }
    }
    return findings;
  }

  private static Finding version(ClusterState cluster) {
    Short level = cluster.features().get(METADATA);
    String expected = "4.3, on which the tests run";
    if (level == null) {
      return Finding.fail(
          METADATA,
          "the brokers do not say",
          expected,
          "upgrade the brokers to version 4.3: they have no KRaft, or are older than 3.3");
    }
    if (level < MetadataVersion.IBP_4_0_IV0.featureLevel()) {
      return Finding.fail(
          METADATA,
          name(level),
          expected + "; before 4.0 groups of the consumer protocol are not ready for use",
          "upgrade the brokers, then " + cluster.commands().upgrade(METADATA + "=LEVEL")
              + "; until then set worker.group-protocol=classic");
    }
    return Finding.of(
        level < TRIED.featureLevel() ? Status.WARN : Status.OK,
        METADATA,
        name(level),
        expected,
        "upgrade the brokers, or set worker.group-protocol=classic, then "
            + cluster.commands().upgrade(METADATA + "=" + TRIED.featureLevel()));
  }

  private static String name(short level) {
    try {
      return MetadataVersion.fromFeatureLevel(level).version();
    } catch (IllegalArgumentException e) {
      return "level " + level + ", newer than this program";
    }
  }

  private static Finding groups(ClusterState cluster) {
    short level = cluster.features().getOrDefault(GROUPS, (short) 0);
    return Finding.of(
        level < 1 ? Status.FAIL : Status.OK,
        GROUPS,
        Short.toString(level),
        "1 or more: workers share their requests by the consumer protocol",
        cluster.commands().upgrade(GROUPS + "=1") + ", or set worker.group-protocol=classic");
  }

  private static Finding topicsMadeByChance(ClusterState cluster) {
    String setting = "auto.create.topics.enable";
    String found = cluster.setting(setting).orElse("true");
    return Finding.of(
        found.equals("true") ? Status.WARN : Status.OK,
        setting,
        found,
        "false: a reply topic that was deleted must not come back",
        setting + "=false in each broker's file, and a restart");
  }

  private static Finding authorisation(ClusterState cluster) {
    String setting = "authorizer.class.name";
    String found = cluster.setting(setting).orElse("");
    return Finding.of(
        found.isEmpty() ? Status.WARN : Status.OK,
        setting,
        found.isEmpty() ? "none" : found,
        "one: without, whoever reaches a broker may read prompts, and write bills and prices",
        setting + "=org.apache.kafka.metadata.authorizer.StandardAuthorizer in each broker's and"
            + " controller's file, and the rights of docs/security.md");
  }
}
