package io.sirocco.broker;

import static java.util.Map.entry;

import java.util.Map;

/**
 * The broker properties that make one node start fast, answer fast and stay small.
 *
 * <p>Kafka's defaults are made for large clusters: they trade seconds of waiting for fewer
 * rebalances and fewer metadata records, and memory for throughput. With one node, a handful of
 * groups and a reply topic for each request, the waiting is all that is felt.
 *
 * <p>Immutable.
 */
public final class SingleNodeProperties {
  private static final Map<String, String> ALL = Map.ofEntries(
      // Every topic that is created or deleted waits for this linger (25 ms by default), one
      // after the other: with 0 a topic takes 4 ms instead of 29 ms.
      entry("controller.quorum.append.linger.ms", "0"),
      // A broker that stopped is fenced sooner, and a restarted one comes back sooner.
      entry("broker.heartbeat.interval.ms", "500"),

      // A topic that nobody made on purpose is a bug to be seen: a misspelt name, or a reply
      // topic written to after its deletion.
      entry("auto.create.topics.enable", "false"),

      // There is one copy of everything.
      entry("default.replication.factor", "1"),
      entry("min.insync.replicas", "1"),
      entry("offsets.topic.replication.factor", "1"),
      entry("transaction.state.log.replication.factor", "1"),
      entry("transaction.state.log.min.isr", "1"),
      entry("share.coordinator.state.topic.replication.factor", "1"),
      entry("share.coordinator.state.topic.min.isr", "1"),

      // 50 partitions each by default, all of which the first group or transaction waits for.
      entry("offsets.topic.num.partitions", "4"),
      entry("transaction.state.log.num.partitions", "4"),
      entry("share.coordinator.state.topic.num.partitions", "4"),

      // A group's first member starts at once instead of waiting for others: 3 s in the classic
      // and the streams protocol, 1 s between assignments in the newer ones.
      entry("group.initial.rebalance.delay.ms", "0"),
      entry("group.streams.initial.rebalance.delay.ms", "0"),
      entry("group.consumer.assignment.interval.ms", "0"),
      entry("group.share.assignment.interval.ms", "0"),
      entry("group.streams.assignment.interval.ms", "0"),

      // A killed worker is noticed after 3 s instead of 45 s. In the consumer protocol the
      // broker sets these, not the client; the minimums let a group ask for less.
      entry("group.consumer.session.timeout.ms", "3000"),
      entry("group.consumer.heartbeat.interval.ms", "300"),
      entry("group.consumer.min.session.timeout.ms", "1000"),
      entry("group.consumer.min.heartbeat.interval.ms", "100"),
      entry("group.min.session.timeout.ms", "1000"),

      // Files of deleted topics go after 1 s instead of 60 s, and the tasks that do it begin 1 s
      // after the start instead of 30 s. The topic's own file.delete.delay.ms does not help: it
      // does not apply when a whole topic is deleted.
      entry("log.segment.delete.delay.ms", "1000"),
      entry("log.initial.task.delay.ms", "1000"),

      // Threads and buffers for a few clients on one machine; the cleaner alone would take
      // 128 MB of heap.
      entry("num.network.threads", "2"),
      entry("num.io.threads", "4"),
      entry("background.threads", "2"),
      entry("num.replica.fetchers", "1"),
      entry("log.cleaner.threads", "1"),
      entry("log.cleaner.dedupe.buffer.size", "2097152"),
      entry("log.cleaner.io.buffer.size", "65536"));

  private SingleNodeProperties() {}

  /** Returns the properties by name; where a node listens and keeps its data is not among them. */
  public static Map<String, String> all() {
    return ALL;
  }
}
