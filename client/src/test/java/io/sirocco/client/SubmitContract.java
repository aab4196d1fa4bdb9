package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** What a request and its answer do between a client and a worker. */
@Timeout(180)
abstract class SubmitContract {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private String requestTopic = "";

  @BeforeEach
  void createRequestTopic(KafkaBroker broker, TestInfo test) {
    requestTopic = "chat.requests." + test.getTestMethod().orElseThrow().getName();
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(requestTopic, 2);
    }
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private ClientSettings.Builder settings(KafkaBroker broker) {
    return ClientSettings.builder(broker.bootstrapServers()).requestTopic(requestTopic);
  }

  private EchoWorker worker(KafkaBroker broker, EchoWorker.Script script) {
    return EchoWorker.start(broker.bootstrapServers(), requestTopic, script);
  }

  static ChatRequest ask(String prompt) {
    return ChatRequest.builder().message(ChatMessage.user(prompt)).build();
  }

  @Test
  void fiftyConcurrentSubmitsEachGetExactlyTheirOwnAnswer(KafkaBroker broker) throws Exception {
    try (EchoWorker worker = worker(broker, EchoWorker.ECHO);
        SiroccoClient client = SiroccoClient.connect(settings(broker).build())) {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<ReplyStream>> submits = new ArrayList<>();
      for (int number = 0; number < 50; number++) {
        ChatRequest request = ask("this is answer number " + number);
        submits.add(threads.submit(() -> {
          go.await();
          return client.submit(request);
        }));
      }
      go.countDown();

      for (int number = 0; number < 50; number++) {
        ReplyStream stream = submits.get(number).get();
        assertThat(stream.await(PATIENCE).text()).isEqualTo("this is answer number " + number);
        assertThat(stream).hasSize(6);
      }
      Set<String> topics = new HashSet<>();
      worker.requests().forEach(request -> topics.add(request.replyTopic()));
      assertThat(topics).as("reply topics are never shared or used again").hasSize(50);
    }
  }

  @Test
  void earlyAndLateReadersAgree(KafkaBroker broker) throws Exception {
    CountDownLatch half = new CountDownLatch(1);
    EchoWorker.Script inTwoHalves = (request, replies) -> {
      replies.send(WireReply.start(request.id(), "w", 1));
      replies.send(WireReply.delta(request.id(), "w", 1, 0, "early "));
      awaitUnchecked(half);
      replies.send(WireReply.delta(request.id(), "w", 1, 1, "late."));
      replies.send(WireReply.end(request.id(), "w", 1, 2));
    };
    try (EchoWorker worker = worker(broker, inTwoHalves);
        SiroccoClient client =
            SiroccoClient.connect(settings(broker).readyTopics(2).build())) {
      ReplyStream stream = client.submit(ask("hello"));
      Future<List<ChatChunk>> early = threads.submit(() -> list(stream));
      RecordingSubscriber<ChatChunk> subscriber = new RecordingSubscriber<>(Long.MAX_VALUE);
      stream.subscribe(subscriber);
      assertThat(stream.iterator().next()).isEqualTo(WireReply.chunk("early "));
      assertThat(stream.completion()).isNotDone();

      half.countDown();
      ChatCompletion whole = stream.completion().get();
      List<ChatChunk> late = list(stream);

      assertThat(Answers.text(late)).isEqualTo("early late.");
      assertThat(whole.text()).isEqualTo("early late.");
      assertThat(early.get()).isEqualTo(late);
      await().atMost(PATIENCE).until(() -> subscriber.ends().contains("complete"));
      assertThat(subscriber.items()).isEqualTo(late);
      assertThat(worker.requests()).hasSize(1);
    }
  }

  @Test
  void recordsOfAZombieAreIgnored(KafkaBroker broker) {
    EchoWorker.Script takenOver = (request, replies) -> {
      String id = request.id();
      replies.send(WireReply.start(id, "zombie", 1));
      replies.send(WireReply.delta(id, "zombie", 1, 0, "one "));
      replies.send(WireReply.start(id, "heir", 2));
      replies.send(WireReply.delta(id, "zombie", 1, 1, "wrong "));
      replies.send(WireReply.start(id, "late", 2));
      replies.send(WireReply.delta(id, "late", 2, 1, "wrong too "));
      replies.send(WireReply.delta(id, "heir", 2, 1, "two."));
      replies.send(WireReply.end(id, "zombie", 1, 2));
      replies.send(WireReply.end(id, "heir", 2, 2));
    };
    try (EchoWorker worker = worker(broker, takenOver);
        SiroccoClient client =
            SiroccoClient.connect(settings(broker).readyTopics(2).build())) {
      ReplyStream stream = client.submit(ask("hello"));

      assertThat(stream.await(PATIENCE).text()).isEqualTo("one two.");
      assertThat(stream.records())
          .extracting(raw -> raw.headers().get("writer"))
          .containsExactly("zombie", "zombie", "heir", "heir", "heir");
      assertThat(worker.requests()).hasSize(1);
    }
  }

  @Test
  void errorRecordFailsTheAnswer(KafkaBroker broker) {
    EchoWorker.Script refuse = (request, replies) -> {
      replies.send(WireReply.start(request.id(), "w", 1));
      replies.send(WireReply.error(request.id(), "w", 1, 0));
    };
    try (EchoWorker worker = worker(broker, refuse);
        SiroccoClient client =
            SiroccoClient.connect(settings(broker).readyTopics(2).build())) {
      ReplyStream stream =
          client.submit(ask("hello"), SubmitOptions.builder().requestId("my-id").build());

      assertThatThrownBy(() -> stream.await(PATIENCE))
          .isInstanceOfSatisfying(
              ChatFailedException.class,
              failure -> assertThat(failure.requestId()).isEqualTo("my-id"));
      assertThat(worker.requests()).extracting(EchoWorker.Request::id).containsExactly("my-id");
    }
  }

  @Test
  void missingRequestTopicIsNamedInTime(KafkaBroker broker) {
    ClientSettings settings = settings(broker)
        .model("nobody-serves-this")
        .readyTopics(2)
        .submitTimeout(Duration.ofSeconds(5))
        .build();
    try (SiroccoClient client = SiroccoClient.connect(settings)) {
      ReplyStream stream = client.submit(ask("hello"));

      assertThatThrownBy(() -> stream.iterator().hasNext())
          .isInstanceOf(SubmitFailedException.class)
          .hasMessageContaining("'chat.requests.nobody-serves-this'")
          .hasMessageContaining("expected the topic to exist");
      CompletableFuture<ChatCompletion> whole = stream.completion();
      assertThatThrownBy(whole::get).hasCauseInstanceOf(SubmitFailedException.class);
    }
  }

  @Test
  void closedClientEndsItsReadersAndTakesNoMoreRequests(KafkaBroker broker) {
    SiroccoClient client = SiroccoClient.connect(
        settings(broker).readyTopics(2).closeTimeout(Duration.ofSeconds(2)).build());
    ReplyStream stream = client.submit(ask("nobody answers"));
    Future<List<ChatChunk>> reader = threads.submit(() -> list(stream));

    client.close();

    assertThatThrownBy(reader::get).hasCauseInstanceOf(ClientClosedException.class);
    assertThatThrownBy(() -> client.submit(ask("too late")))
        .isInstanceOf(ClientClosedException.class);
  }

  @Test
  void answersKeepComingWhileTopicsAreRefilled(KafkaBroker broker) {
    try (EchoWorker worker = worker(broker, EchoWorker.ECHO);
        SiroccoClient client =
            SiroccoClient.connect(settings(broker).readyTopics(2).build())) {
      List<ReplyStream> streams = IntStream.range(0, 20)
          .mapToObj(number -> client.submit(ask("number " + number)))
          .toList();

      for (int number = 0; number < streams.size(); number++) {
        assertThat(streams.get(number).await(PATIENCE).text()).isEqualTo("number " + number);
      }
      assertThat(worker.requests()).hasSize(20);
    }
  }

  private static List<ChatChunk> list(Iterable<ChatChunk> chunks) {
    List<ChatChunk> list = new ArrayList<>();
    chunks.forEach(list::add);
    return list;
  }

  static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
