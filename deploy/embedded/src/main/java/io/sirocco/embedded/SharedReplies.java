package io.sirocco.embedded;

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
 * The reply topic that every client may name, so that the simplest need not make one.
 *
 * <p>Immutable.
 */
final class SharedReplies {
  private static final String RETENTION_MILLIS = "3600000";

  private SharedReplies() {}

  /** Makes the topic if it is missing. */
  static void ensure(String bootstrapServers) throws InterruptedException {
    NewTopic topic = new NewTopic(Topics.SHARED_REPLIES, Optional.of(1), Optional.empty())
        .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, RETENTION_MILLIS));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException(
            "expected topic '%s' to be made, found: %s"
                .formatted(Topics.SHARED_REPLIES, e.getCause()),
            e.getCause());
      }
    }
  }
}
