package io.sirocco.worker.announce;

import io.sirocco.contracts.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Makes the topic of the announcements where it does not exist.
 *
 * <p>Immutable.
 */
public final class ModelTopic {
  /** Announcements are few, and readers want them all. */
  private static final int PARTITIONS = 1;

  private ModelTopic() {}

  /**
   * Makes the topic if it is missing.
   *
   * @throws KafkaException when it is missing and cannot be made
   */
  public static void ensure(Admin admin) throws InterruptedException {
    NewTopic topic = new NewTopic(Topics.MODELS, Optional.of(PARTITIONS), Optional.empty())
        .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    try {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException(
            "expected topic '%s' to exist or to be made, found: %s"
                .formatted(Topics.MODELS, String.valueOf(e.getCause())),
            e.getCause());
      }
    }
  }
}
