package io.sirocco.worker.streams;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes {@code chat.streams} where it does not exist.
 *
 * <p>Immutable.
 */
public final class StreamTopic {
  /** No answer is looked for longer, unless the topic is told otherwise. */
  private static final Duration RETENTION = Duration.ofDays(1);

  private static final Logger log = LoggerFactory.getLogger(StreamTopic.class);

  private StreamTopic() {}

  /**
   * Makes the topic if it is missing.
   *
   * @throws KafkaException when it is missing and cannot be made
   */
  public static void ensure(Admin admin) throws InterruptedException {
    NewTopic topic = new NewTopic(Topics.STREAMS, Optional.empty(), Optional.empty())
        .configs(Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(RETENTION.toMillis())));
    try {
      // Looked up first: who may use a topic need not have the right to make one.
      admin.describeTopics(List.of(Topics.STREAMS)).allTopicNames().get();
      return;
    } catch (ExecutionException e) {
      log.debug("topic is to be made topic={}", Topics.STREAMS, e);
    }
    try {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException(
            "expected topic '%s' to exist or to be made, found: %s"
                .formatted(Topics.STREAMS, String.valueOf(e.getCause())),
            e.getCause());
      }
    }
  }
}
