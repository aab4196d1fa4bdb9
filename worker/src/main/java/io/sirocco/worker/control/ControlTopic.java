package io.sirocco.worker.control;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topic of the commands where it does not exist.
 *
 * <p>Immutable.
 */
public final class ControlTopic {
  private static final Logger log = LoggerFactory.getLogger(ControlTopic.class);

  /** Commands are few, and every worker reads them all. */
  private static final int PARTITIONS = 1;

  /** Longer than a request waits; what a worker reads when it starts is bounded by it. */
  static final Duration RETENTION = Duration.ofDays(7);

  private ControlTopic() {}

  /** Makes the topic if it is missing. Where it may not be made, requests are answered all the same. */
  public static void ensure(Admin admin) throws InterruptedException {
    NewTopic topic = new NewTopic(Topics.CONTROL, Optional.of(PARTITIONS), Optional.empty())
        .configs(Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(RETENTION.toMillis())));
    try {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        log.warn(
            "topic '{}' was not made, and unless it is there nothing can be cancelled: {}",
            Topics.CONTROL,
            String.valueOf(e.getCause()));
      }
    }
  }
}
