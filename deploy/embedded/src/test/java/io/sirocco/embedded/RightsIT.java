package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.SecuredKafka;
import io.sirocco.testkit.TestTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What brokers refuse to each user, with the topics and rights of deploy/kubernetes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class RightsIT {
  private static final String SHOP = "sirocco-backend-shop";
  private static final String BANK = "sirocco-backend-bank";
  private static final String SHOPS = "chat.replies.shop-1.0";
  private static final String BANKS = "chat.replies.bank-1.0";
  private static final String CHANGES = "sirocco-usage-totals-changelog";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private SecuredRoles roles;
  private SecuredKafka kafka;

  /** What a user tries. */
  private enum Attempt {
    READ,
    WRITE,
    CREATE,
    DELETE
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Map<String, List<AclBinding>> rights = new TreeMap<>(KafkaManifests.rights());
    rights.put(
        BANK, KafkaManifests.ofAnother(rights.getOrDefault(SHOP, List.of()), BANK, "shop", "bank"));
    roles = SecuredRoles.open(rights, folder);
    kafka = roles.kafka();
    try (TestTopics topics = new TestTopics(kafka)) {
      for (String topic : List.of("orders", CHANGES, SHOPS, BANKS)) {
        topics.create(topic, 1);
      }
    }
    write("super-user", SHOPS);
    write("super-user", BANKS);
  }

  @AfterAll
  void stop() {
    roles.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"worker", "streams", "gateway"})
  void doctorMissesNoRightOfARole(String role) throws Exception {
    CommandLineRun run = roles.run("sirocco-" + role, List.of("doctor"), "--role", role);

    assertThat(run.out().lines())
        .anyMatch(line -> line.startsWith("ok    rights of the " + role))
        .noneMatch(line -> line.startsWith("fail"));
  }

  @Test
  void doctorNamesTheRightsThatARoleLacks() throws Exception {
    CommandLineRun run = roles.run("sirocco-gateway", List.of("doctor"), "--role", "worker");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out().lines())
        .anyMatch(line -> line.startsWith("fail  rights of the worker to topic chat.models"))
        .anyMatch(
            line -> line.contains("--operation Create --operation Write --topic chat.models"));
  }

  @ParameterizedTest
  @CsvSource({
    "worker, WRITE, orders",
    "worker, WRITE, chat.prices",
    "worker, WRITE, chat.control",
    "worker, WRITE, chat.requests.demo",
    "worker, READ, chat.usage",
    "worker, READ, chat.requests.demo-dlt",
    "worker, CREATE, chat.replies.new.1",
    "worker, DELETE, chat.requests.demo",
    "worker, DELETE, chat.usage",
    "streams, WRITE, chat.usage",
    "streams, WRITE, chat.prices",
    "streams, WRITE, chat.usage.corrections",
    "streams, READ, chat.requests.demo",
    "streams, READ, chat.usage.by-user",
    "streams, DELETE, sirocco-usage-totals-changelog",
    "streams, READ, chat.replies.shop-1.0",
    "streams, DELETE, chat.usage",
    "gateway, WRITE, chat.usage",
    "gateway, WRITE, chat.prices",
    "gateway, WRITE, chat.models",
    "gateway, WRITE, chat.replies.shop-1.0",
    "gateway, WRITE, chat.replies.shared",
    "gateway, READ, chat.requests.demo",
    "gateway, READ, chat.usage.by-user",
    "gateway, CREATE, chat.replies.shop-1.1",
    "gateway, DELETE, chat.replies.shop-1.0",
    "backend-shop, WRITE, chat.usage",
    "backend-shop, WRITE, chat.usage.by-user",
    "backend-shop, WRITE, chat.prices",
    "backend-shop, WRITE, chat.control",
    "backend-shop, WRITE, chat.streams",
    "backend-shop, WRITE, chat.models",
    "backend-shop, WRITE, chat.requests.demo-dlt",
    "backend-shop, WRITE, chat.replies.shop-1.0",
    "backend-shop, READ, chat.requests.demo",
    "backend-shop, READ, chat.requests.demo-dlt",
    "backend-shop, READ, chat.usage",
    "backend-shop, READ, chat.receipts",
    "backend-shop, READ, chat.replies.shared",
    "operator, WRITE, chat.usage",
    "operator, WRITE, chat.usage.by-user",
    "operator, READ, chat.requests.demo",
    "operator, READ, chat.replies.shop-1.0",
    "operator, DELETE, chat.prices",
  })
  void whatIsNobodysBusinessIsRefused(String role, Attempt attempt, String topic) {
    assertRefused("sirocco-" + role, attempt, topic);
  }

  @ParameterizedTest
  @CsvSource({
    "sirocco-backend-shop, chat.replies.bank-1.",
    "sirocco-backend-bank, chat.replies.shop-1.",
  })
  void tenantDoesNothingToAnothersAnswers(String tenant, String others) {
    assertRefused(tenant, Attempt.READ, others + "0");
    assertRefused(tenant, Attempt.WRITE, others + "0");
    assertRefused(tenant, Attempt.DELETE, others + "0");
    assertRefused(tenant, Attempt.CREATE, others + "1");
  }

  @Test
  void tenantReadsItsOwnAnswers() {
    assertThat(read(SHOP, SHOPS)).isOne();
    assertThat(read(BANK, BANKS)).isOne();
  }

  @Test
  void operatorWritesCorrections() throws Exception {
    write("sirocco-operator", Topics.CORRECTIONS);
  }

  private void assertRefused(String user, Attempt attempt, String topic) {
    assertThatThrownBy(() -> run(user, attempt, topic))
        .satisfiesAnyOf(
            fault -> assertThat(fault).isInstanceOf(TopicAuthorizationException.class),
            fault -> assertThat(fault).hasCauseInstanceOf(TopicAuthorizationException.class));
  }

  private void run(String user, Attempt attempt, String topic)
      throws ExecutionException, InterruptedException {
    switch (attempt) {
      case READ -> read(user, topic);
      case WRITE -> write(user, topic);
      case CREATE, DELETE -> {
        try (Admin admin = Admin.create(new HashMap<>(kafka.clientProperties(user)))) {
          var done = attempt == Attempt.DELETE
              ? admin.deleteTopics(List.of(topic)).all()
              : admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all();
          done.get();
        }
      }
    }
  }

  /** Returns how many records it found. */
  private int read(String user, String topic) {
    Map<String, Object> properties = new HashMap<>(kafka.clientProperties(user));
    properties.put("auto.offset.reset", "earliest");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      return consumer.poll(PATIENCE).count();
    }
  }

  private void write(String user, String topic) throws ExecutionException, InterruptedException {
    Map<String, Object> properties = new HashMap<>(kafka.clientProperties(user));
    properties.put("enable.idempotence", false); // Its refusal would name no topic.
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
    }
  }
}
