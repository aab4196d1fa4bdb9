package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sirocco.client.ClientSettings;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.SecuredKafka;
import io.sirocco.testkit.TestTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A tenant with a worker of its own, which names another's reply topic to have it written to. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class ConfinedTenantsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String WORKER = "sirocco-worker";
  private static final String OPERATOR = "sirocco-operator";
  private static final String SHOP = "sirocco-backend-shop";
  private static final String BANKS = "chat.replies.bank-1.0";

  private SecuredKafka kafka;
  private SecuredRoles roles;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    Map<String, List<AclBinding>> rights = new TreeMap<>(KafkaManifests.rights());
    rights.computeIfPresent(
        WORKER,
        (name, his) -> KafkaManifests.ofAnother(his, name, "chat.replies.", "chat.replies.shop-"));
    roles = SecuredRoles.open(rights, folder);
    kafka = roles.kafka();
    try (TestTopics topics = new TestTopics(kafka)) {
      topics.create(BANKS, 1);
    }
  }

  private WorkerProcess worker(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("worker.models", "demo=../models/demo");
    settings.put("worker.threads", "1");
    WorkerProcess worker = roles.start(WORKER, "worker", settings);
    worker.awaitLine("ready model=demo");
    return worker;
  }

  @AfterEach
  void stop() {
    roles.close();
  }

  @Test
  void workerToldThePrefixMakesADeadLetterThatSaysWhy() throws Exception {
    try (WorkerProcess worker = worker(Map.of("worker.reply-topics", "chat\\.replies\\.shop-.+"))) {
      askToAnswerOn(BANKS);

      assertThat(deadLetter())
          .contains(
              Headers.REPLY_TOPIC + "' to name a topic that matches chat\\.replies\\.shop-.+");
      assertTheWorkerGoesOnAndTheBankHasNothing(worker);
    }
  }

  @Test
  void workerWithoutTheRightMakesADeadLetterThatSaysWhatBrokersRefused() throws Exception {
    try (WorkerProcess worker = worker(Map.of())) {
      askToAnswerOn(BANKS);

      assertThat(deadLetter())
          .contains("expected to write to partition 0 of reply topic '" + BANKS
              + "', found: Topic authorization failed");
      assertTheWorkerGoesOnAndTheBankHasNothing(worker);
    }
  }

  /** As the operator sees it, when it is there. */
  private String deadLetter() throws Exception {
    String place = await()
        .atMost(PATIENCE)
        .until(
            () -> roles
                .run(OPERATOR, List.of("dlt", "list"), "--model", "demo")
                .out()
                .lines()
                .filter(line -> line.contains("weapon"))
                .findFirst(),
            Optional::isPresent)
        .orElseThrow()
        .replaceAll(" .*", "");
    return roles.run(OPERATOR, List.of("dlt", "show"), "--model", "demo", place).out();
  }

  private void assertTheWorkerGoesOnAndTheBankHasNothing(WorkerProcess worker) throws Exception {
    try (SiroccoClient shop = SiroccoClient.connect(ClientSettings.builder(kafka.bootstrapServers())
            .clientName("shop")
            .kafkaProperties(kafka.clientProperties(SHOP))
            .readyTopics(2)
            .build());
        Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      for (int i = 0; i < 8; i++) { // On every partition, behind the one with the weapon.
        assertThat(shop.submit(question()).await(PATIENCE).text()).isNotEmpty();
      }
      TopicPartition banks = new TopicPartition(BANKS, 0);
      assertThat(admin
              .listOffsets(Map.of(banks, OffsetSpec.latest()))
              .partitionResult(banks)
              .get()
              .offset())
          .isZero();
      assertThat(worker.isAlive()).isTrue();
    }
  }

  private void askToAnswerOn(String topic) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
        new HashMap<>(kafka.clientProperties(SHOP)),
        new ByteArraySerializer(),
        new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> request =
          new ProducerRecord<>(Topics.requests("demo"), new JsonCodec().writeBytes(question()));
      request.headers().add(Headers.REQUEST_ID, "weapon".getBytes(UTF_8));
      request.headers().add(Headers.REPLY_TOPIC, topic.getBytes(UTF_8));
      request.headers().add(Headers.REPLY_OFFSET, "0".getBytes(UTF_8));
      producer.send(request).get();
    }
  }

  private static ChatRequest question() {
    return ChatRequest.builder()
        .model("demo")
        .message(ChatMessage.user("What is a mistral?"))
        .maxCompletionTokens(8)
        .stream(true)
        .build();
  }
}
