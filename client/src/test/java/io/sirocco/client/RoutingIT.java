package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.LeakCheck;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a request finds the topic of its model. */
@OnEmbeddedKafka
@Timeout(180)
class RoutingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private KafkaProducer<byte[], byte[]> producer;

  @BeforeEach
  void connect(KafkaBroker broker) {
    producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  @AfterEach
  void deleteTopics(KafkaBroker broker) {
    producer.close();
    try (TestTopics topics = new TestTopics(broker)) {
      // Clients that were just closed may be deleting some of them, too.
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> topics.delete(topics.names().toArray(String[]::new)));
    }
  }

  private static SiroccoClient client(KafkaBroker broker) {
    return SiroccoClient.connect(
        ClientSettings.builder(broker.bootstrapServers()).readyTopics(4).build());
  }

  private static void create(KafkaBroker broker, String... names) {
    try (TestTopics topics = new TestTopics(broker)) {
      List.of(names).forEach(name -> topics.create(name, 1));
    }
  }

  private void send(ProducerRecord<byte[], byte[]> announcement) throws Exception {
    producer.send(announcement).get();
  }

  private static ChatRequest ask(String model) {
    return ChatRequest.builder()
        .model(model)
        .message(ChatMessage.user("hello " + model))
        .build();
  }

  @Test
  void modelIsNotFoundUntilItIsAnnouncedAndFoundAtOnceThen(KafkaBroker broker) throws Exception {
    try (SiroccoClient client = client(broker)) {
      assertThat(client.models()).isEmpty();
      assertThatThrownBy(() -> client.submit(ask("breeze")).await(PATIENCE))
          .isInstanceOfSatisfying(ChatFailedException.class, failure -> {
            assertThat(failure.body().error().code()).isEqualTo("model_not_found");
            assertThat(failure.body().error().param()).isEqualTo("model");
            assertThat(failure.body().error().message())
                .isEqualTo("expected a model that is announced on 'chat.models', where there is"
                    + " none, found 'breeze'");
          });

      create(broker, Topics.MODELS, Topics.requests("breeze"));
      send(Announcements.toRecord(Announcements.ready("breeze")));
      try (EchoWorker worker = worker(broker, "breeze")) {
        assertThat(client.submit(ask("breeze")).await(PATIENCE).text()).isEqualTo("hello breeze");
        assertThat(worker.requests()).hasSize(1);
      }
    }
  }

  @Test
  void requestsGoToTheirModelsAndNoReplyTopicIsLeft(KafkaBroker broker) throws Exception {
    create(broker, Topics.MODELS, Topics.requests("breeze"), Topics.requests("gale"));
    send(Announcements.toRecord(Announcements.ready("breeze", "winds/Breeze-7B")));
    send(Announcements.toRecord(Announcements.readyDefault("gale")));
    try (EchoWorker breeze = worker(broker, "breeze");
        EchoWorker gale = worker(broker, "gale")) {
      try (SiroccoClient client = client(broker)) {
        List<ReplyStream> streams = List.of(
            client.submit(ask("breeze")),
            client.submit(ask("winds/breeze-7b")),
            client.submit(ask("gale")),
            client.submit(SubmitContract.ask("hello default")));
        streams.forEach(stream -> stream.await(PATIENCE));

        assertThat(client.models())
            .extracting(ModelAnnouncement::name)
            .containsExactly("breeze", "gale");
      }
      assertThat(breeze.requests())
          .extracting(EchoWorker.Request::prompt)
          .containsExactlyInAnyOrder("hello breeze", "hello winds/breeze-7b");
      assertThat(gale.requests())
          .extracting(EchoWorker.Request::prompt)
          .containsExactlyInAnyOrder("hello gale", "hello default");
    }
    LeakCheck.assertNoReplyTopics(broker, PATIENCE);
  }

  @Test
  void unknownModelIsAnsweredWithTheNamesOfTheKnownOnes(KafkaBroker broker) throws Exception {
    create(broker, Topics.MODELS);
    send(Announcements.toRecord(Announcements.ready("breeze")));
    send(Announcements.toRecord(Announcements.ready("gale")));
    try (SiroccoClient client = client(broker)) {
      assertThatThrownBy(() -> client.submit(ask("storm")).await(PATIENCE))
          .isInstanceOf(ChatFailedException.class)
          .hasMessageEndingWith("model_not_found: expected one of the models breeze, gale or an"
              + " alias of one, found 'storm'");
      assertThatThrownBy(() -> client.submit(SubmitContract.ask("hello")).await(PATIENCE))
          .isInstanceOf(ChatFailedException.class)
          .hasMessageEndingWith("as none is the default, found no model named");
    }
  }

  @Test
  void aliasThatMovesIsFollowed(KafkaBroker broker) throws Exception {
    create(broker, Topics.MODELS, Topics.requests("breeze"), Topics.requests("gale"));
    send(Announcements.toRecord(Announcements.ready("breeze", "best")));
    try (SiroccoClient client = client(broker);
        EchoWorker worker = worker(broker, "gale")) {
      // Nobody answers: it waits for a worker of the first model.
      client.submit(ask("best"));
      send(Announcements.toRecord(Announcements.ready("breeze")));
      send(Announcements.toRecord(Announcements.ready("gale", "best")));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> client.models().stream()
              .anyMatch(
                  model -> model.aliases().contains("best") && model.name().equals("gale")));

      assertThat(client.submit(ask("best")).await(PATIENCE).text()).isEqualTo("hello best");
      assertThat(worker.requests()).hasSize(1);
    }
  }

  @Test
  void unreachableBrokerIsNamedInTime() {
    ClientSettings nowhere = ClientSettings.builder("127.0.0.1:1")
        .submitTimeout(Duration.ofMillis(300))
        .closeTimeout(Duration.ofMillis(300))
        .build();
    try (SiroccoClient client = SiroccoClient.connect(nowhere)) {
      assertThatThrownBy(client::models)
          .isInstanceOf(ModelsUnavailableException.class)
          .hasMessageContaining("expected to read topic 'chat.models' within 300 ms");
      assertThatThrownBy(() -> client.submit(ask("breeze")).await(PATIENCE))
          .isInstanceOf(SubmitFailedException.class)
          .hasMessageContaining("could not be sent: expected to read topic 'chat.models'");
    }
  }

  private static EchoWorker worker(KafkaBroker broker, String model) {
    return EchoWorker.start(broker.bootstrapServers(), Topics.requests(model), EchoWorker.ECHO);
  }
}
