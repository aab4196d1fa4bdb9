package io.sirocco.worker.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.worker.follow.FollowedTopic;
import io.sirocco.worker.follow.TopicFollower;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@OnEmbeddedKafka
@Timeout(300)
class PriceFollowerIT {
  private static final Duration STEP = Duration.ofMillis(200);
  private static final long LONG_AGO = 1_700_000_000_000L;

  private final ModelPrices prices = new ModelPrices(InstantSource.system());

  @Test
  void pricesFollowATopicThatIsMissingThenThereThenDeletedThenMadeAgain(KafkaBroker broker)
      throws Exception {
    Map<String, Object> brokers = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(brokers);
        Consumer<String, byte[]> consumer = consumer(broker)) {
      TopicFollower follower = new TopicFollower(
          FollowedTopic.by(admin, Topics.PRICES),
          consumer,
          new PriceRecords("demo", prices),
          "no costs");
      assertThat(follower.step(STEP)).isFalse();
      assertThat(admin.listTopics().names().get()).doesNotContain(Topics.PRICES);

      make(admin);
      write(brokers, "1");
      write(brokers, "2");
      await(follower, new BigDecimal("2"));

      admin.deleteTopics(List.of(Topics.PRICES)).all().get();
      await(follower, null);
      assertThat(admin.listTopics().names().get()).doesNotContain(Topics.PRICES);

      make(admin);
      write(brokers, "3");
      await(follower, new BigDecimal("3"));
    }
  }

  private void await(TopicFollower follower, @Nullable BigDecimal expected) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
      follower.step(STEP);
      BigDecimal cost = prices.cost(1_000_000, 0, 0);
      return expected == null ? cost == null : cost != null && expected.compareTo(cost) == 0;
    });
  }

  private static void make(Admin admin) throws Exception {
    NewTopic topic =
        new NewTopic(Topics.PRICES, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"));
    Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
      admin.createTopics(List.of(topic)).all().get();
      return true;
    });
  }

  private static void write(Map<String, Object> brokers, String perMillion) throws Exception {
    Decimal each = Decimal.of(perMillion);
    PriceList list = PriceList.of(new Price("demo", each, each, each, "USD", LONG_AGO));
    try (Producer<String, byte[]> producer =
        new KafkaProducer<>(brokers, new StringSerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(Topics.PRICES, "demo", new JsonCodec().writeBytes(list)))
          .get();
    }
  }

  private static Consumer<String, byte[]> consumer(KafkaBroker broker) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            false,
            "allow.auto.create.topics",
            false),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }
}
