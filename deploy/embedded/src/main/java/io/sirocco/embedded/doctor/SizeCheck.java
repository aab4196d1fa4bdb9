package io.sirocco.embedded.doctor;

import io.sirocco.contracts.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Whether records of the sizes that are promised find room.
 *
 * <p>Immutable.
 */
record SizeCheck() implements Check {
  /** What a producer sends at most unless it is told otherwise. */
  private static final long PRODUCED_BYTES = 1 << 20;

  private static final String SETTING = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;

  @Override
  public List<Finding> of(ClusterState cluster) {
    List<Finding> findings = new ArrayList<>();
    cluster
        .number("message.max.bytes")
        .ifPresent(bytes -> findings.add(Finding.of(
            bytes < PRODUCED_BYTES ? Status.WARN : Status.OK,
            "message.max.bytes",
            Long.toString(bytes),
            "at least %d, which a producer sends: what is larger ends an answer with answer_too_large"
                .formatted(PRODUCED_BYTES),
            cluster.commands().setBrokers("message.max.bytes=1048588"))));
    for (String topic : RequestTopicNames.among(cluster.topics().keySet())) {
      requests(cluster, topic, findings);
    }
    return findings;
  }

  private static void requests(ClusterState cluster, String topic, List<Finding> findings) {
    Optional<Long> requests = limit(cluster, topic);
    requests.ifPresent(bytes -> findings.add(Finding.of(
        bytes < PRODUCED_BYTES ? Status.WARN : Status.OK,
        topic + " " + SETTING,
        Long.toString(bytes),
        "at least %d: larger requests are refused by the brokers".formatted(PRODUCED_BYTES),
        cluster.commands().setTopic(topic, SETTING + "=1048588")
            + ", or gateway.max-body-bytes below it")));
    String letters = Topics.deadLetters(topic);
    Optional<Long> kept = limit(cluster, letters);
    if (requests.isPresent() && kept.isPresent()) {
      findings.add(Finding.of(
          kept.get() < requests.get() ? Status.FAIL : Status.OK,
          letters + " " + SETTING,
          Long.toString(kept.get()),
          "at least %d, as %s takes: a dead letter that does not fit cannot be kept"
              .formatted(requests.get(), topic),
          cluster.commands().setTopic(letters, SETTING + "=" + requests.get())));
    }
  }

  private static Optional<Long> limit(ClusterState cluster, String topic) {
    return Optional.ofNullable(cluster.topics().get(topic)).flatMap(state -> state.number(SETTING));
  }
}
