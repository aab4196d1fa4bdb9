package io.sirocco.embedded.doctor;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Whether topics survive the loss of a broker, and can be written to now. What is well of all topics is
 * one line.
 *
 * <p>Immutable.
 */
record ReplicaCheck() implements Check {
  private static final int REPLICAS = 3;

  @Override
  public List<Finding> of(ClusterState cluster) {
    List<Finding> findings = new ArrayList<>();
    for (TopicState topic : cluster.topics().values()) {
      look(cluster, topic, findings);
    }
    newTransactions(cluster, findings);
    if (findings.isEmpty()) {
      findings.add(Finding.ok(
          "replicas",
          "all of %d topics are enough and in reach".formatted(cluster.topics().size()),
          "%d of each, of which %d take a record"
              .formatted(
                  Math.min(REPLICAS, cluster.brokers()),
                  Math.max(1, Math.min(REPLICAS, cluster.brokers()) - 1))));
    }
    return findings;
  }

  private static void look(ClusterState cluster, TopicState topic, List<Finding> findings) {
    int wanted = Math.min(REPLICAS, cluster.brokers());
    long least = topic.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).orElse(1L);
    String settable =
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG + "=" + Math.max(1, topic.replicas() - 1);
    if (topic.withoutLeader() > 0) {
      findings.add(Finding.fail(
          topic.name(),
          topic.withoutLeader() + " partitions without a leader",
          "one of each: nothing is read or written there",
          "start the brokers that hold them: kafka-topics.sh --bootstrap-server "
              + cluster.servers() + " --describe --unavailable-partitions"));
    } else if (least > topic.replicas() || topic.inSync() < least) {
      findings.add(Finding.fail(
          topic.name() + " " + TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
          "%d of %d replicas, %d in sync".formatted(least, topic.replicas(), topic.inSync()),
          "no more than there are: nothing can be written",
          "start the brokers that are missing, or "
              + cluster.commands().setTopic(topic.name(), settable)));
    } else if (topic.replicas() > 1 && least == topic.replicas()) {
      findings.add(Finding.warn(
          topic.name() + " " + TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
          "%d of %d replicas".formatted(least, topic.replicas()),
          "one less: otherwise nothing is written while a broker restarts",
          cluster.commands().setTopic(topic.name(), settable)));
    } else if (topic.replicas() < wanted) {
      findings.add(Finding.warn(
          topic.name() + " replicas",
          Integer.toString(topic.replicas()),
          wanted + ": with fewer a lost broker takes records with it",
          "kafka-reassign-partitions.sh with " + wanted + " replicas for each of its partitions"));
    } else if (topic.replicas() >= REPLICAS && least < 2) {
      findings.add(Finding.warn(
          topic.name() + " " + TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
          Long.toString(least),
          "2: a record that one broker alone has is lost with it",
          cluster.commands().setTopic(topic.name(), settable)));
    }
  }

  /** Brokers make this topic at the first transaction, or cannot, and then every close waits for ever. */
  private static void newTransactions(ClusterState cluster, List<Finding> findings) {
    String setting = "transaction.state.log.replication.factor";
    long replicas = cluster.number(setting).orElse(0L);
    if (!cluster.topics().containsKey("__transaction_state") && replicas > cluster.brokers()) {
      findings.add(Finding.fail(
          setting,
          Long.toString(replicas),
          "at most %d, as many as there are brokers: no request can be closed"
              .formatted(cluster.brokers()),
          setting + "=" + cluster.brokers()
              + " and transaction.state.log.min.isr=1 in each broker's file, and a restart"));
    }
  }
}
