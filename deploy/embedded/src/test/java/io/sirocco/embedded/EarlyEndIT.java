package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ChatFailedException;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.reply.WaitEstimate;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.ReplyLogs;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.engine.EngineLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Cancels, deadlines and news on a worker that answers one request at a time, on a real broker. */
@OnEmbeddedKafka
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class EarlyEndIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(25);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private KafkaBroker broker;
  private Worker worker;
  private SiroccoClient client;

  @BeforeAll
  void start(KafkaBroker started) throws Exception {
    broker = started;
    worker = startWorker("early", meters);
    client = client("early");
  }

  private Worker startWorker(String model, SimpleMeterRegistry registry) throws Exception {
    ServedModel demo = DemoModels.f32(2);
    return Worker.start(
        WorkerSettings.of(broker.bootstrapServers(), model)
            .withPartitions(1)
            .withGrace(Duration.ZERO)
            .withLimits(EngineLimits.of(1)),
        new ServedModel(
            new PacedModel(demo.causalModel(), STEP),
            demo.tokenizer(),
            demo.prompts(),
            demo.endIds()),
        registry,
        fault -> {
          throw new AssertionError(fault);
        });
  }

  private SiroccoClient client(String model) {
    return SiroccoClient.connect(
        ClientSettings.builder(broker.bootstrapServers()).model(model).build());
  }

  @AfterAll
  void stop() {
    client.close();
    worker.close();
  }

  @Test
  void aRunningAnswerThatIsCancelledEndsWithItsUsageAndLeavesTheCache() {
    ReplyStream answer = submit(SubmitOptions.none());
    awaitDeltas(answer, 5);
    assertThat(gauge("sirocco.kv.cache.usage.perc")).isPositive();
    answer.cancel().join();

    assertEndedEarly(answer, "cancelled");
    awaitRoom();
  }

  @Test
  void aRequestThatIsCancelledWhileItWaitsCostsNothing() {
    ReplyStream running = submit(SubmitOptions.none());
    awaitDeltas(running, 1);
    ReplyStream waiting = submit(SubmitOptions.none());
    waiting.cancel().join();

    assertCostNothing(waiting, "cancelled");
    assertThat(running.completion()).isNotDone();
    end(running);
  }

  /** Their starts are written first, as another worker may have died of them. */
  @Test
  void aRequestThatWasThereBeforeItsWorkerAndIsCancelledWhileItWaitsCostsNothing()
      throws Exception {
    startWorker("inherited", new SimpleMeterRegistry()).close(); // The topics are there now.
    try (SiroccoClient left = client("inherited")) {
      ReplyStream one = left.submit(request());
      ReplyStream other = left.submit(request());
      Worker heir = startWorker("inherited", new SimpleMeterRegistry());
      try {
        ReplyStream running = firstToMoveOn(one, other);
        ReplyStream waiting = running == one ? other : one;
        await(waiting, ReplyEvent.START, 1);
        waiting.cancel().join();

        assertCostNothing(waiting, "cancelled");
        assertThat(running.completion()).isNotDone();
        end(running);
      } finally {
        heir.close();
      }
    }
  }

  @Test
  void aCancelThatIsThereBeforeItsRequestEndsIt() {
    client.cancel(RequestKey.of("ann", "cancelled-before")).join();
    ReplyStream answer =
        submit(SubmitOptions.builder().user("ann").requestId("cancelled-before").build());

    assertThat(failure(answer).body().error().code()).isEqualTo("cancelled");
  }

  @Test
  void aCancelOfAnotherUserDoesNothing() {
    ReplyStream anns =
        submit(SubmitOptions.builder().user("ann").requestId("of-two").build());
    awaitDeltas(anns, 1);
    ReplyStream bobs =
        submit(SubmitOptions.builder().user("bob").requestId("of-two").build());
    client.cancel(RequestKey.of("bob", "of-two")).join();

    assertThat(failure(bobs).body().error().code()).isEqualTo("cancelled");
    awaitDeltas(anns, 20);
    assertThat(anns.completion()).isNotDone();
    end(anns);
  }

  @Test
  void aReaderThatGoesAwayCancelsNothing() {
    ReplyHandle handle;
    try (SiroccoClient other = client("early")) {
      ReplyStream answer = other.submit(request(), SubmitOptions.none());
      awaitDeltas(answer, 1);
      handle = answer.handle();
    }
    ReplyStream again = client.attach(handle);
    awaitDeltas(again, 20);
    end(again);
  }

  @Test
  void aDeadlineThatPassesBeforeThePromptCostsNothing() {
    ReplyStream running = submit(SubmitOptions.none());
    awaitDeltas(running, 1);
    ReplyStream waiting =
        submit(SubmitOptions.builder().deadline(Instant.now().plusMillis(300)).build());
    ReplyStream late =
        submit(SubmitOptions.builder().deadline(Instant.now().minusMillis(1)).build());

    assertCostNothing(waiting, "deadline_exceeded");
    assertCostNothing(late, "deadline_exceeded");
    assertThat(running.completion()).isNotDone();
    end(running);
  }

  @Test
  void aDeadlineThatPassesInFlightEndsTheAnswerWithItsUsage() {
    ReplyStream answer =
        submit(SubmitOptions.builder().deadline(Instant.now().plusSeconds(15)).build());
    awaitDeltas(answer, 1);

    assertEndedEarly(answer, "deadline_exceeded");
    awaitRoom();
  }

  @Test
  void whoeverWaitsIsToldSoUntilItsTurn() {
    ReplyStream running = submit(SubmitOptions.none());
    awaitDeltas(running, 1);
    ReplyStream waiting = submit(SubmitOptions.none());
    ReplyStream silent = submit(SubmitOptions.builder().progress(false).build());
    Iterator<WaitEstimate> news = waiting.progress().within(PATIENCE).iterator();
    assertThat(news.next().ahead()).isZero();
    news.next();
    end(running);
    awaitDeltas(waiting, 5);
    end(waiting);
    awaitDeltas(silent, 1);
    end(silent);

    assertThat(
            catchThrowableOfType(ChatFailedException.class, silent.progress().iterator()::hasNext))
        .as("the end of the answer, and nothing before it")
        .isNotNull();
    List<ReplyEvent> log = log(waiting).stream().map(ReplyRecord::event).toList();
    int begin = log.indexOf(ReplyEvent.START);
    assertThat(log.subList(0, begin)).hasSizeGreaterThan(1).containsOnly(ReplyEvent.PROGRESS);
    assertThat(log.subList(begin + 1, log.size()))
        .doesNotContain(ReplyEvent.PROGRESS, ReplyEvent.START);
  }

  /** So long that nobody waits for its end. */
  private static ChatRequest request() {
    return ChatRequest.builder()
        .message(ChatMessage.user("Tell me everything."))
        .temperature(2.0)
        .maxCompletionTokens(900)
        .extra("ignore_eos", true)
        .extra("n", 4)
        .stream(true)
        .build();
  }

  private ReplyStream submit(SubmitOptions options) {
    return client.submit(request(), options);
  }

  private static void end(ReplyStream answer) {
    answer.cancel().join();
    assertThat(failure(answer).body().error().code()).isEqualTo("cancelled");
  }

  private static ChatFailedException failure(ReplyStream answer) {
    return Objects.requireNonNull(
        catchThrowableOfType(ChatFailedException.class, () -> answer.await(PATIENCE)));
  }

  private void assertEndedEarly(ReplyStream answer, String code) {
    ChatFailedException failure = failure(answer);
    assertThat(failure.body().error().code()).isEqualTo(code);
    Usage usage = Objects.requireNonNull(failure.body().usage());
    int read = ReplyLogs.answer(log(answer), answer.requestId()).stream()
        .mapToInt(reply -> reply.tokenIds().size())
        .sum();
    assertThat(usage.completionTokens()).isEqualTo(read).isPositive();
    List<UsageEvent> bills = UsageEvents.of(broker, answer.requestId());
    assertThat(bills).hasSize(1);
    assertThat(bills.get(0).outcome()).isEqualTo(code);
    assertThat(bills.get(0).completionTokens()).isEqualTo(read);
    assertThat(bills.get(0).promptTokens()).isEqualTo(usage.promptTokens()).isPositive();
  }

  private void assertCostNothing(ReplyStream answer, String code) {
    ChatFailedException failure = failure(answer);
    @Nullable Usage usage = failure.body().usage();
    assertThat(failure.body().error().code()).isEqualTo(code);
    assertThat(usage).isNull();
    assertThat(UsageEvents.of(broker, answer.requestId())).singleElement().satisfies(bill -> {
      assertThat(bill.outcome()).isEqualTo(code);
      assertThat(bill.promptTokens() + bill.completionTokens()).isZero();
    });
  }

  private List<ReplyRecord> log(ReplyStream answer) {
    ReplyHandle handle = answer.handle();
    return new ReplyLogs(broker)
        .readToTerminal(
            new TopicPartition(handle.replyTopic(), handle.replyPartition()),
            handle.replyOffset(),
            answer.requestId(),
            PATIENCE);
  }

  private void awaitRoom() {
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
      assertThat(gauge("sirocco.kv.cache.usage.perc")).isZero();
      assertThat(gauge("sirocco.num.requests.running")).isZero();
      assertThat(gauge("sirocco.num.requests.waiting")).isZero();
    });
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  /** Which that is depends on whose start is written first. */
  private static ReplyStream firstToMoveOn(ReplyStream... answers) {
    CompletableFuture<ReplyStream> first = new CompletableFuture<>();
    for (ReplyStream answer : answers) {
      Thread reader = new Thread(() -> {
        try {
          awaitDeltas(answer, 1);
          first.complete(answer);
        } catch (RuntimeException | AssertionError e) {
          first.completeExceptionally(e); // Too late, if it is the other one, which is cancelled.
        }
      });
      reader.setDaemon(true);
      reader.start();
    }
    return first.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static void awaitDeltas(ReplyStream answer, int count) {
    await(answer, ReplyEvent.DELTA, count);
  }

  private static void await(ReplyStream answer, ReplyEvent event, int count) {
    int found = 0;
    for (RawReply reply : answer.records().within(PATIENCE)) {
      found += reply.reply().event() == event ? 1 : 0;
      if (found == count) {
        return;
      }
    }
    throw new AssertionError("expected %d of %s, found %d".formatted(count, event, found));
  }
}
