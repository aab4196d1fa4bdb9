package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientSettingsTest {
  private static ClientSettings.Builder settings() {
    return ClientSettings.builder("127.0.0.1:9092").model("echo");
  }

  @Test
  void defaultsAreThoseOfTheDocumentation() {
    ClientSettings settings = settings().build();

    assertThat(settings.requestTopic()).isEqualTo("chat.requests.echo");
    assertThat(settings.replyTopicMode()).isEqualTo(ReplyTopicMode.SINGLE_USE);
    assertThat(settings.readyTopics()).isEqualTo(32);
    assertThat(settings.refillAt()).isEqualTo(16);
    assertThat(settings.replicationFactor()).isEqualTo((short) -1);
    assertThat(settings.deleteDelay()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void refillFollowsTheNumberOfReadyTopics() {
    assertThat(settings().readyTopics(1).build().refillAt()).isZero();
    assertThat(settings().readyTopics(8).build().refillAt()).isEqualTo(4);
  }

  @Test
  void requestsToAYoungPartitionCannotOvertakeEachOther() {
    assertThat(new KafkaProperties(settings().build(), "client").producer())
        .containsEntry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
  }

  @Test
  void passwordsAreNotPrinted() {
    ClientSettings settings =
        settings().kafkaProperty("sasl.jaas.config", "password=x1").build();

    assertThat(settings.toString()).contains("sasl.jaas.config").doesNotContain("x1");
  }

  @Test
  void requestTopicIsLeftToTheRequestsUnlessItIsSet() {
    assertThat(ClientSettings.builder("127.0.0.1:9092").build().requestTopic()).isNull();
    assertThatThrownBy(() -> settings().requestTopic("a topic").build())
        .hasMessageContaining("requestTopic")
        .hasMessageContaining("found 'a topic'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a/b"})
  void illegalClientNameIsNamed(String name) {
    assertThatThrownBy(() -> settings().clientName(name).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("clientName")
        .hasMessageContaining("found '" + name + "'");
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    assertThatThrownBy(() -> settings().readyTopics(0).build()).hasMessageContaining("readyTopics");
    assertThatThrownBy(() -> settings().readyTopics(4).refillAt(4).build())
        .hasMessageContaining("refillAt");
    assertThatThrownBy(() -> settings().replicationFactor(0).build())
        .hasMessageContaining("replicationFactor");
    assertThatThrownBy(() -> settings().deleteDelay(Duration.ofMillis(-1)).build())
        .hasMessageContaining("deleteDelay");
    assertThatThrownBy(() -> settings().submitTimeout(Duration.ZERO).build())
        .hasMessageContaining("submitTimeout");
  }

  @Test
  void whatTheReplyProtocolRestsOnCannotBeChanged() {
    ClientSettings settings = settings()
        .kafkaProperty("acks", "0")
        .kafkaProperty("group.id", "mine")
        .kafkaProperty("auto.offset.reset", "latest")
        .kafkaProperty("linger.ms", "5")
        .build();
    KafkaProperties properties = new KafkaProperties(settings, "client-1");

    assertThat(properties.producer())
        .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
        .containsEntry(ProducerConfig.LINGER_MS_CONFIG, "5");
    assertThat(properties.hub("hub"))
        .doesNotContainKey(ConsumerConfig.GROUP_ID_CONFIG)
        .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    assertThat(properties.reader("models"))
        .doesNotContainKey(ConsumerConfig.GROUP_ID_CONFIG)
        .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
  }
}
