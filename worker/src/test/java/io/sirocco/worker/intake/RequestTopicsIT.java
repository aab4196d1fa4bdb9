package io.sirocco.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

@OnEmbeddedKafka
class RequestTopicsIT {
  private static final ConfigResource USAGE =
      new ConfigResource(ConfigResource.Type.TOPIC, Topics.USAGE);

  @Test
  void usageIsKeptForEverHoweverManyPartitionsRequestsGet(KafkaBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      RequestTopics topics = new RequestTopics(Optional.of(2));
      topics.ensure(admin, "chat.requests.demo");
      topics.ensure(admin, "chat.requests.demo"); // A second worker finds them there.

      Map<String, TopicDescription> made = admin
          .describeTopics(List.of("chat.requests.demo", "chat.requests.demo-dlt", Topics.USAGE))
          .allTopicNames()
          .get();
      assertThat(made)
          .hasEntrySatisfying(
              "chat.requests.demo", topic -> assertThat(topic.partitions()).hasSize(2))
          .hasEntrySatisfying(
              Topics.USAGE, topic -> assertThat(topic.partitions()).hasSize(4));
      Map<ConfigResource, Config> configs =
          admin.describeConfigs(List.of(USAGE)).all().get();
      assertThat(configs.values())
          .allSatisfy(config -> assertThat(config.get("retention.ms").value()).isEqualTo("-1"));
    }
  }
}
