package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.LeakCheck;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each mode of reply topics keeps, and what all of them have in common. */
@OnEmbeddedKafka
@Timeout(180)
class ReplyTopicModeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private String requestTopic = "";

  @BeforeEach
  void createRequestTopic(KafkaBroker broker, TestInfo test) {
    requestTopic = "chat.requests." + test.getTestMethod().orElseThrow().getName() + "."
        + Integer.toHexString(test.getDisplayName().hashCode());
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(requestTopic, 2);
    }
  }

  private ClientSettings.Builder settings(KafkaBroker broker, ReplyTopicMode mode) {
    return ClientSettings.builder(broker.bootstrapServers())
        .requestTopic(requestTopic)
        .replyTopics(mode)
        .closeTimeout(PATIENCE)
        .readyTopics(2);
  }

  private EchoWorker worker(KafkaBroker broker) {
    return EchoWorker.start(broker.bootstrapServers(), requestTopic, EchoWorker.ECHO);
  }

  @ParameterizedTest
  @EnumSource(ReplyTopicMode.class)
  void requestsAtOnceEachGetTheirOwnAnswer(ReplyTopicMode mode, KafkaBroker broker) {
    try (EchoWorker worker = worker(broker);
        SiroccoClient client = SiroccoClient.connect(settings(broker, mode).build())) {
      List<ReplyStream> streams = new ArrayList<>();
      for (int number = 0; number < 20; number++) {
        streams.add(client.submit(SubmitContract.ask("this is answer " + number)));
      }

      for (int number = 0; number < 20; number++) {
        assertThat(streams.get(number).await(PATIENCE).text())
            .isEqualTo("this is answer " + number);
      }
      assertThat(worker.requests()).hasSize(20);
    }
  }

  @Test
  void poolUsesATopicAgainWhenItsRequestIsClosed(KafkaBroker broker) {
    ClientSettings settings =
        settings(broker, ReplyTopicMode.POOL).deleteDelay(Duration.ZERO).build();
    try (EchoWorker worker = worker(broker)) {
      try (SiroccoClient client = SiroccoClient.connect(settings)) {
        Set<String> topics = new HashSet<>();
        await().atMost(PATIENCE).until(() -> {
          ReplyStream asked = client.submit(SubmitContract.ask("hello"));
          assertThat(asked.await(PATIENCE).text()).isEqualTo("hello");
          return !topics.add(asked.handle().replyTopic()) && asked.handle().replyOffset() > 0;
        });
      }
      assertThat(worker.requests()).hasSizeGreaterThan(1);
    }
    assertNoTopicsOfClients(broker);
  }

  @Test
  void sharedTopicIsTheOnlyOneAndStays(KafkaBroker broker) {
    try (EchoWorker worker = worker(broker);
        SiroccoClient client =
            SiroccoClient.connect(settings(broker, ReplyTopicMode.SHARED).build())) {
      client.submit(SubmitContract.ask("one")).await(PATIENCE);
      ReplyStream second = client.submit(SubmitContract.ask("two"));

      assertThat(second.await(PATIENCE).text()).isEqualTo("two");
      assertThat(second.handle().replyTopic()).isEqualTo(Topics.SHARED_REPLIES);
      assertThat(second.handle().replyOffset()).isPositive();
      assertThat(worker.requests()).hasSize(2);
    }
    assertNoTopicsOfClients(broker);
  }

  /** The shared one is nobody's own. */
  private static void assertNoTopicsOfClients(KafkaBroker broker) {
    try (TestTopics topics = new TestTopics(broker)) {
      if (topics.names().contains(Topics.SHARED_REPLIES)) {
        topics.delete(Topics.SHARED_REPLIES);
      }
    }
    LeakCheck.assertNoReplyTopics(broker, PATIENCE);
  }
}
