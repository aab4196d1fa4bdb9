package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ChatFailedException;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.model.ModelState;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.LeakCheck;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.model.ModelLoadException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Two real workers that serve two models, and a client that was told neither. */
@OnEmbeddedKafka
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(300)
class RoutingIT {
  private static final Config NONE = new Config(List.of());
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Worker breeze;
  private Worker gale;
  private SiroccoClient client;

  @BeforeAll
  void start(KafkaBroker broker) throws Exception {
    breeze = start(settings(broker, "breeze").withAliases(List.of("winds/Breeze-7B")));
    gale = start(settings(broker, "gale").asDefault());
    client = SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
        .readyTopics(8)
        .closeTimeout(PATIENCE)
        .build());
  }

  @AfterAll
  void stop(KafkaBroker broker) {
    client.close();
    breeze.close();
    gale.close();
    LeakCheck.assertNoReplyTopics(broker, PATIENCE);
  }

  private static WorkerSettings settings(KafkaBroker broker, String model) {
    return WorkerSettings.of(broker.bootstrapServers(), model).withPartitions(1);
  }

  private static Worker start(WorkerSettings settings) throws Exception {
    return Worker.start(
        settings, DemoModels.f32(2), new SimpleMeterRegistry(), RoutingIT::unexpected);
  }

  private static void unexpected(Throwable fault) {
    throw new AssertionError(fault);
  }

  private static ChatRequest ask(@Nullable String model) {
    return ChatRequest.builder()
        .model(model)
        .message(ChatMessage.user("What is a mistral?"))
        .maxCompletionTokens(4)
        .build();
  }

  private String answeredBy(@Nullable String model) {
    return client.submit(ask(model)).await(PATIENCE).model();
  }

  @Test
  @Order(1)
  void requestIsAnsweredByTheModelThatItNames() {
    assertThat(answeredBy("breeze")).isEqualTo("breeze");
    assertThat(answeredBy("gale")).isEqualTo("gale");
  }

  @Test
  @Order(1)
  void requestsForBothModelsAtOnceAreEachAnsweredByTheirOwn() {
    List<ReplyStream> streams = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      streams.add(client.submit(ask(i % 2 == 0 ? "breeze" : "gale")));
    }

    for (int i = 0; i < 8; i++) {
      assertThat(streams.get(i).await(PATIENCE).model()).isEqualTo(i % 2 == 0 ? "breeze" : "gale");
    }
  }

  @Test
  @Order(1)
  void aliasMeansItsModelInAnyCase() {
    assertThat(answeredBy("winds/Breeze-7B")).isEqualTo("breeze");
    assertThat(answeredBy("WINDS/breeze-7b")).isEqualTo("breeze");
    assertThat(answeredBy("Gale")).isEqualTo("gale");
  }

  @Test
  @Order(1)
  void requestThatNamesNoModelIsForTheDefault() {
    assertThat(answeredBy(null)).isEqualTo("gale");
  }

  @Test
  @Order(1)
  void unknownModelFailsWithTheNamesOfTheKnownOnes() {
    assertThatThrownBy(() -> answeredBy("storm"))
        .isInstanceOfSatisfying(
            ChatFailedException.class,
            failure -> assertThat(failure.body().error().code()).isEqualTo("model_not_found"))
        .hasMessageContaining("expected one of the models breeze, gale or an alias of one");
  }

  @Test
  @Order(1)
  void requestOnTheTopicOfAnotherModelIsRefusedByItsWorker(KafkaBroker broker) {
    try (SiroccoClient misled =
        SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
            .model("gale")
            .readyTopics(1)
            .build())) {
      assertThatThrownBy(() -> misled.submit(ask("breeze")).await(PATIENCE))
          .isInstanceOf(ChatFailedException.class)
          .hasMessageContaining("model_not_found: expected 'gale', which this topic is for");
      assertThat(misled.submit(ask(null)).await(PATIENCE).model()).isEqualTo("gale");
    }
  }

  @Test
  @Order(1)
  void announcementsTellWhatIsServed() {
    assertThat(client.models())
        .extracting(ModelAnnouncement::name)
        .containsExactly("breeze", "gale");
    ModelAnnouncement first = client.models().get(0);
    assertThat(first.aliases()).containsExactly("winds/Breeze-7B");
    assertThat(first.requestTopic()).isEqualTo(Topics.requests("breeze"));
    assertThat(first.contextLength()).isEqualTo(1024);
    assertThat(first.state()).isEqualTo(ModelState.READY);
    assertThat(first.isDefault()).isFalse();
  }

  @Test
  @Order(1)
  void topicOfTheAnnouncementsIsCompacted(KafkaBroker broker) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.MODELS);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Config config = admin.describeConfigs(List.of(topic)).all().get().getOrDefault(topic, NONE);

      assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
    }
  }

  @Test
  @Order(2)
  void modelIsKnownWhileItLoadsAndItsRequestsAreAnsweredAfterwards(KafkaBroker broker)
      throws Exception {
    CountDownLatch mayLoad = new CountDownLatch(1);
    CompletableFuture<Worker> starting =
        CompletableFuture.supplyAsync(() -> startSlowly(settings(broker, "gust"), mayLoad));
    Awaitility.await().atMost(PATIENCE).until(() -> stateOf("gust") == ModelState.LOADING);
    ReplyStream early = client.submit(ask("gust"));

    mayLoad.countDown();
    Worker gust = starting.get();
    try {
      assertThat(early.await(PATIENCE).model()).isEqualTo("gust");
      assertThat(stateOf("gust")).isEqualTo(ModelState.READY);
    } finally {
      gust.close();
    }
  }

  @Test
  @Order(2)
  void modelThatCannotBeLoadedIsForgotten(KafkaBroker broker) {
    assertThatThrownBy(() -> Worker.start(
            settings(broker, "broken"),
            () -> {
              assertThat(stateOf("broken")).isEqualTo(ModelState.LOADING);
              throw new ModelLoadException("no weights");
            },
            new SimpleMeterRegistry(),
            RoutingIT::unexpected))
        .isInstanceOf(ModelLoadException.class);

    assertThat(stateOf("broken")).isNull();
  }

  @Test
  @Order(3)
  void workersShutdownDoesNotHideTheModelThatAnotherServes(KafkaBroker broker) throws Exception {
    Worker second = start(settings(broker, "breeze").withAliases(List.of("winds/Breeze-7B")));
    second.close();

    assertThat(answeredBy("winds/Breeze-7B")).isEqualTo("breeze");
  }

  @Test
  @Order(4)
  void requestWrittenWhileNoWorkerLivesIsAnsweredByTheNext(KafkaBroker broker) throws Exception {
    breeze.close();
    ReplyStream early = client.submit(ask("winds/Breeze-7B"));

    // The one that comes back was not told the alias; the request names its model all the same.
    breeze = start(settings(broker, "breeze"));

    assertThat(early.await(PATIENCE).model()).isEqualTo("breeze");
    assertThat(client.models())
        .as("the worker that became ready last is right")
        .noneMatch(model -> model.aliases().contains("winds/Breeze-7B"));
  }

  private @Nullable ModelState stateOf(String model) {
    return client.models().stream()
        .filter(announcement -> announcement.name().equals(model))
        .map(ModelAnnouncement::state)
        .findFirst()
        .orElse(null);
  }

  private static Worker startSlowly(WorkerSettings settings, CountDownLatch mayLoad) {
    try {
      return Worker.start(
          settings, () -> loadAfter(mayLoad), new SimpleMeterRegistry(), RoutingIT::unexpected);
    } catch (ModelLoadException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static ServedModel loadAfter(CountDownLatch mayLoad) throws ModelLoadException {
    try {
      mayLoad.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return DemoModels.f32(2);
  }
}
