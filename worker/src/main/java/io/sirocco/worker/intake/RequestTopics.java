package io.sirocco.worker.intake;

import io.sirocco.contracts.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes the topics of a worker where they do not exist: requests, dead letters and usage.
 *
 * <p>Immutable.
 *
 * @param partitions how many a new topic gets, but for that of usage; empty: as many as the brokers say
 */
public record RequestTopics(Optional<Integer> partitions) {

  /**
   * Makes what is missing for a worker of {@code requestTopic}.
   *
   * @throws KafkaException when a topic is missing and cannot be made
   */
  public void ensure(Admin admin, String requestTopic) throws InterruptedException {
    List<NewTopic> topics = new ArrayList<>();
    // Looked up first: who may use a topic need not have the right to make one.
    var found = admin
        .describeTopics(List.of(requestTopic, Topics.deadLetters(requestTopic), Topics.USAGE))
        .topicNameValues();
    for (var topic : found.entrySet()) {
      if (!exists(topic.getValue())) {
        topics.add(newTopic(topic.getKey()));
      }
    }
    for (var created : admin.createTopics(topics).values().entrySet()) {
      try {
        created.getValue().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw new KafkaException(
              "expected topic '%s' to exist or to be made, found: %s"
                  .formatted(created.getKey(), String.valueOf(e.getCause())),
              e.getCause());
        }
      }
    }
  }

  private NewTopic newTopic(String name) {
    if (!name.equals(Topics.USAGE)) {
      return new NewTopic(name, partitions, Optional.empty());
    }
    // As the usage application makes it: bills are made of these events, so none is ever deleted.
    return new NewTopic(name, Optional.of(Topics.USAGE_PARTITIONS), Optional.empty())
        .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
  }

  private static boolean exists(KafkaFuture<TopicDescription> topic) throws InterruptedException {
    try {
      topic.get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw new KafkaException("expected to look a topic up, found: " + e.getCause(), e.getCause());
    }
  }
}
