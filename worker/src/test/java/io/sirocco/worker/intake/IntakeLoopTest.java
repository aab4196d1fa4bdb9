package io.sirocco.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.model.ModelNames;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.worker.closing.ClosingLog;
import io.sirocco.worker.closing.PartitionCloser;
import io.sirocco.worker.control.Cancellations;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.prompt.ChatTemplate;
import io.sirocco.worker.prompt.PromptEncoder;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.reply.AnswerTotals;
import io.sirocco.worker.reply.CostEstimate;
import io.sirocco.worker.reply.Delays;
import io.sirocco.worker.reply.LogReading;
import io.sirocco.worker.reply.ReplyLog;
import io.sirocco.worker.reply.ReplyLogReader;
import io.sirocco.worker.reply.ReplyWriter;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.streams.StreamDirectory;
import io.sirocco.worker.tokenizer.Tokenizer;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import io.sirocco.worker.usage.UsageRecords;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop on Kafka's own test consumer; the engine is the test, which finishes what it is given. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntakeLoopTest {
  private static final String TOPIC = Topics.requests("demo");
  private static final TopicPartition ONE = new TopicPartition(TOPIC, 0);
  private static final TopicPartition OTHER = new TopicPartition(TOPIC, 1);
  private static final String BODY =
      "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static final Duration SESSION = Duration.ofSeconds(3);
  private static final long TICK_NANOS = 20_000_000L;
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(1);
  private static final long NOW = 1_795_000_000_000L;

  private Tokenizer tokenizer;
  private RequestMapper mapper;

  private MockConsumer<String, byte[]> consumer;
  private EngineInbox inbox;
  private Replies replies;
  private IntakeLoop loop;
  private ClosingLog log;
  private final Deque<Runnable> heldTasks = new ArrayDeque<>();
  private boolean holdingTasks;
  private @Nullable Throwable resumeFault;
  private @Nullable Error mappingFault;
  private int writers;
  private long asked;
  private long nanos;
  private long millis;
  private final InstantSource wallClock = () -> Instant.ofEpochMilli(millis);
  private final Cancellations cancellations = new Cancellations(wallClock);

  /** Where the partitions end when they are assigned. */
  private long end;

  @BeforeAll
  void loadTokenizer() throws Exception {
    ModelFolder folder = ModelFolder.open(Path.of("..", "deploy", "models", "demo"));
    tokenizer = HuggingFaceTokenizer.load(folder.tokenizerFile());
    mapper = new RequestMapper(
        new PromptEncoder(ChatTemplate.load(folder), failing(tokenizer)),
        1024,
        tokenizer.vocabularySize());
  }

  /** As {@code tokenizer}, but fails where a test wants it to. */
  private Tokenizer failing(Tokenizer healthy) {
    return (Tokenizer) Proxy.newProxyInstance(
        Tokenizer.class.getClassLoader(),
        new Class<?>[] {Tokenizer.class},
        (proxy, method, arguments) -> {
          if (method.getName().startsWith("encode")) {
            fail(mappingFault);
          }
          return method.invoke(healthy, arguments);
        });
  }

  private static void fail(@Nullable Throwable fault) {
    if (fault instanceof Error error) {
      throw error;
    }
    if (fault instanceof RuntimeException exception) {
      throw exception;
    }
  }

  @BeforeEach
  void startLoop() {
    consumer = new MockConsumer<>("none");
    log = new ClosingLog((partition, offset) -> consumer.commitSync(Map.of(partition, offset)));
    heldTasks.clear();
    holdingTasks = false;
    resumeFault = null;
    mappingFault = null;
    cancellations.clear();
    millis = NOW;
    asked = 0;
    inbox = new EngineInbox(2);
    replies = new Replies();
    RequestDispatcher dispatcher = new RequestDispatcher(
        new IntakePolicy(
            new ModelNames("demo", List.of("org/Demo")),
            Topics.ALLOWED_REPLY_TOPICS,
            UserSource.HEADER_OR_BODY),
        mapper,
        replies,
        new Answers(
            Set.of(2),
            tokenizer,
            32_000,
            CostEstimate.UNKNOWN,
            replies,
            replies,
            replies,
            Runnable::run,
            new Telemetry()),
        new RequestWatch(
            new EarlyEnds(cancellations, wallClock), new ProgressReports(PROGRESS_EVERY, clock())),
        StreamDirectory.EMPTY);
    writers = 0;
    end = 0;
    loop = new IntakeLoop(
        consumer,
        TOPIC,
        dispatcher,
        inbox,
        closer(),
        this::partitionCloser,
        () -> "w" + writers++,
        new GroupSession(GroupProtocol.CONSUMER, SESSION),
        clock());
    assign(ONE);
  }

  private IntakeClock clock() {
    return new IntakeClock(() -> nanos, () -> nanos += TICK_NANOS);
  }

  private static RequestCloser closer() {
    return new RequestCloser(
        new DeadLetters("group"), new UsageRecords(), "demo", () -> Instant.ofEpochMilli(NOW));
  }

  private PartitionCloser partitionCloser(TopicPartition partition) {
    return new PartitionCloser(
        partition,
        () -> log.producer(partition),
        task -> {
          if (holdingTasks) {
            heldTasks.add(task);
          } else {
            task.run();
          }
        },
        () -> {});
  }

  @Test
  void anOffsetIsCommittedOnlyWhenEverythingBelowItIsDone() {
    ask(ONE, 0);
    ask(ONE, 1);
    step();
    List<GenerationRequest> work = drain();

    finish(work.get(1));
    step();
    assertThat(committed(ONE)).isZero();

    finish(work.get(0));
    step();
    assertThat(committed(ONE)).isEqualTo(2);
  }

  @Test
  void aPartitionIsPausedWhileEnoughOfItWaitsAndPollingGoesOn() {
    for (int offset = 0; offset < AssignedPartition.LOOK_AHEAD + 3; offset++) {
      ask(ONE, offset);
    }
    step();
    assertThat(consumer.paused()).containsExactly(ONE);
    step();
    assertThat(consumer.paused()).containsExactly(ONE);

    assertThat(drain()).hasSize(2);
    step();
    assertThat(drain()).hasSize(2);
    step();
    step();

    assertThat(consumer.paused()).isEmpty();
  }

  @Test
  void aPausedPartitionThatIsKeptInARebalanceStaysPaused() {
    for (int offset = 0; offset < AssignedPartition.LOOK_AHEAD + 3; offset++) {
      ask(ONE, offset);
    }
    step();
    assign(ONE, OTHER);
    assertThat(consumer.paused()).contains(ONE);
    ask(ONE, AssignedPartition.LOOK_AHEAD + 3);
    step();

    assertThat(consumer.paused()).containsExactly(ONE);
    assertThat(consumer.position(ONE)).isEqualTo(AssignedPartition.LOOK_AHEAD + 3);

    assign(ONE);
    step();
    assertThat(consumer.paused()).containsExactly(ONE);
    assertThat(consumer.position(ONE)).isEqualTo(AssignedPartition.LOOK_AHEAD + 3);
  }

  @Test
  void aFloodByOneUserDoesNotHoldUpAnotherBehindItOnTheSamePartition() {
    for (int offset = 0; offset < 100; offset++) {
      askAs(ONE, offset, "flood");
    }
    askAs(ONE, 100, "other");
    step();
    List<GenerationRequest> first = drain();
    step();

    assertThat(first).extracting(work -> work.line().user()).contains("other");
    finish(first.get(first.size() - 1));
    assertThat(drain()).isNotEmpty().allMatch(work -> work.line().user().equals("flood"));
  }

  @Test
  void theMoreUrgentOfAUsersRequestsIsNotHeldUpByThoseBeforeIt() {
    for (int offset = 0; offset < 50; offset++) {
      ask(ONE, offset);
    }
    consumer.addRecord(request(
        ONE, 50, "{\"priority\":-1,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"));
    step();

    assertThat(drain().get(0).line().priority()).isEqualTo(-1);
  }

  @Test
  void aPartitionThatFloodsTheEngineDoesNotHoldUpAnother() {
    for (int offset = 0; offset < 3; offset++) {
      ask(ONE, offset);
    }
    step();

    assign(ONE, OTHER);
    ask(OTHER, 0);
    step();

    assertThat(drain())
        .extracting(GenerationRequest::queue)
        .containsExactly(ONE.toString(), OTHER.toString(), ONE.toString());
  }

  @Test
  void lateCompletionAfterRevokeIsIgnored() {
    ask(ONE, 0);
    step();
    holdingTasks = true;
    finish(drain().get(0));
    step();

    loop.onPartitionsLost(List.of(ONE)); // While its closing was on the way.
    holdingTasks = false;
    loop.onPartitionsAssigned(List.of(ONE));
    step();
    heldTasks.remove().run();
    step();

    assertThat(log.records()).isEmpty();
    assertThat(committed(ONE)).isZero();
  }

  @Test
  void anAnswerThatWasBegunIsLeftToTheNextOwnerWhenItsPartitionIsRevoked() {
    ask(ONE, 0);
    step();
    drain().get(0).listener().admitted(0);

    assign();
    step();
    assign(ONE);

    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "release");
    assertThat(committed(ONE)).isZero();
  }

  @Test
  void anAnswerThatAnotherOwnerBeganGoesOnFromItsLog() {
    end = 1;
    assign();
    step();
    assign(ONE);
    int id = tokenizer.encodeText("Hello")[0];
    begun(id);
    ask(ONE, 0);
    step();
    step(); // What is in the log is known by then.

    GenerationRequest work = drain().get(0);
    assertThat(work.resumedIds()).containsExactly(id);
    assertThat(work.sampling().seed()).isEqualTo(99);
    work.listener().admitted(0);
    step(); // Proves that the partition is still there.
    work.listener().generated(new SampledToken(2, null));
    work.listener().finished(GenerationEnd.END_TOKEN);
    step();

    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "delta", "end");
    assertThat(replies.headers(Headers.ATTEMPT)).containsExactly("2", "2", "2");
    assertThat(new String(replies.records.get(2).value(), UTF_8))
        .contains("\"completion_tokens\":2");
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void anAnswerThatAnotherOwnerEndedIsBilledAndNotWrittenAgain() throws Exception {
    end = 1;
    assign();
    step();
    assign(ONE);
    begun(tokenizer.encodeText("Hello")[0]);
    replies.others.add(reply(
        ReplyEvent.END,
        1L,
        "{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"demo\","
            + "\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,"
            + "\"total_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":4}}}"));
    ask(ONE, 0);
    step();
    step(); // What is in the log is known by then.

    assertThat(drain()).isEmpty();
    assertThat(replies.headers(Headers.EVENT)).isEmpty();
    UsageEvent event = usage();
    assertThat(event.promptTokens()).isEqualTo(9);
    assertThat(event.cachedTokens()).isEqualTo(4);
    assertThat(event.completionTokens()).isEqualTo(1);
    assertThat(event.outcome()).isEqualTo("stop");
    step();
    assertThat(committed(ONE)).isEqualTo(1);
  }

  /** G: the answer was delivered, and its requester did not wait for the close. */
  @Test
  void anAnswerWhoseLogIsDeletedBeforeItsCloseIsADeadLetterAndABillThatSaysSo() throws Exception {
    end = 1;
    assign();
    assign(ONE);
    ask(ONE, 0);
    replies.gone = true;
    step();
    step();

    assertThat(usage().outcome()).isEqualTo("reply_topic_unavailable");
    assertThat(usage().promptTokens()).isZero();
    assertThat(usage().completionTokens()).isZero();
    assertThat(log.records()).extracting(ProducerRecord::topic).contains(Topics.deadLetters(TOPIC));
    assertThat(replies.records).isEmpty();
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void aLogThatIsDeletedWhenItsRequestIsClosedIsNobodysLoss() throws Exception {
    ask(ONE, 0);
    step();
    finish(drain().get(0));
    step();
    assertThat(committed(ONE)).isEqualTo(1);

    replies.gone = true;
    end = 1;
    assign();
    assign(ONE);
    step();

    assertThat(drain()).isEmpty();
    assertThat(usage().outcome()).isEqualTo("stop");
    assertThat(log.records()).hasSize(1);
  }

  @Test
  void aRequestThatWasSentTwiceIsAnsweredAndBilledOnce() throws Exception {
    sendTwice();
    step();
    List<GenerationRequest> work = drain();
    assertThat(work).hasSize(1);
    finish(work.get(0));
    step();

    assertThat(drain()).isEmpty();
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "delta", "end");
    assertThat(usage().completionTokens()).isEqualTo(1);
    step();
    assertThat(committed(ONE)).isEqualTo(2);
  }

  @Test
  void aCopyIsLeftToTheNextOwnerWithItsRequest() {
    sendTwice();
    step();

    assign();
    step();

    assertThat(log.records()).isEmpty();
    assertThat(loop.isBusy()).isFalse();
  }

  /** As one who does not know whether the first record arrived. */
  private void sendTwice() {
    for (int offset = 0; offset < 2; offset++) {
      ConsumerRecord<String, byte[]> request = request(ONE, offset, BODY);
      request.headers().add(Headers.REQUEST_ID, "twice".getBytes(UTF_8));
      consumer.addRecord(request);
    }
  }

  /** A stranger may write to the log, and no id of his may reach the model. */
  @Test
  void anIdInTheLogThatTheModelDoesNotKnowIsAnError() {
    end = 1;
    assign();
    step();
    assign(ONE);
    replies.others.add(reply(ReplyEvent.START, null, "{}"));
    replies.others.add(reply(
        ReplyEvent.DELTA,
        0L,
        "{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"demo\","
            + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":null}]}",
        2_000_000_000));
    ask(ONE, 0);
    step();
    step();

    assertThat(drain()).isEmpty();
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "error");
    assertThat(committed(ONE)).isEqualTo(1);
  }

  /** Its reader has an end, and what was generated is paid for. */
  @Test
  void anAnswerThatCannotBeTakenOverForAFaultOfOursEndsWithAnError() throws Exception {
    resumeFault = new IllegalArgumentException("a fault of ours");
    replies.inPlace = true;
    ask(ONE, 0);
    step();
    GenerationRequest work = drain().get(0);
    work.listener().admitted(0);
    int id = tokenizer.encodeText("Hello")[0];
    work.listener().generated(new SampledToken(id, null));
    replies.failing = new IllegalStateException("disk full");
    work.listener().generated(new SampledToken(id, null));
    step(); // Claims it anew.
    step(); // Claims it for the error.

    assertThat(replies.headers(Headers.EVENT))
        .containsExactly("start", "delta", "start", "start", "start", "error");
    assertThat(replies.headers(Headers.ATTEMPT)).endsWith("2", "1", "3", "3");
    assertThat(usage().outcome()).isEqualTo("server_error");
    assertThat(usage().promptTokens()).isEqualTo(work.promptIds().length);
    assertThat(usage().completionTokens()).isEqualTo(1);
    assertThat(committed(ONE)).isEqualTo(1);
  }

  private void begun(int tokenId) {
    replies.others.add(reply(ReplyEvent.START, null, "{}"));
    replies.others.add(reply(
        ReplyEvent.DELTA,
        0L,
        ("{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"demo\","
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},"
                + "\"finish_reason\":null}]}")
            .formatted(tokenizer.decode(new int[] {tokenId})),
        tokenId));
  }

  private static ReplyRecord reply(
      ReplyEvent event, @Nullable Long sequence, String body, Integer... tokenIds) {
    String id = RequestEnvelope.requestId(request(ONE, 0, BODY));
    return new ReplyRecord(0, 0, id, event, "other", 1, sequence, 0, List.of(tokenIds), 99L, body);
  }

  @Test
  void aRequestThatFourWorkersMayHaveDiedOfIsInTheEngineAlone() {
    askTwoOfWhichTheFirstWasTakenUpInVain(Quarantine.DANGEROUS_WRITERS);

    List<GenerationRequest> first = drain();
    assertThat(first).hasSize(1);
    GenerationRequest healthy = first.get(0);
    moveOn(healthy);
    step();
    assertThat(drain()).isEmpty();

    finish(healthy);
    step();
    step();
    List<GenerationRequest> alone = drain();
    assertThat(alone).hasSize(1);
    ask(ONE, 2);
    step();
    assertThat(drain()).isEmpty();

    moveOn(alone.get(0));
    assertThat(drain()).hasSize(1);
  }

  @Test
  void aRequestThatTwoWorkersMayHaveDiedOfIsComputedBesideAnswersThatMovedOn() {
    askTwoOfWhichTheFirstWasTakenUpInVain(Quarantine.SUSPECT_WRITERS);

    List<GenerationRequest> first = drain();
    assertThat(first).hasSize(1);
    step();
    assertThat(drain()).isEmpty();

    moveOn(first.get(0));
    step();
    List<GenerationRequest> suspect = drain();
    assertThat(suspect).hasSize(1);
    ask(ONE, 2);
    step();
    assertThat(drain()).isEmpty();

    moveOn(suspect.get(0));
    assertThat(drain()).hasSize(1);
  }

  private void askTwoOfWhichTheFirstWasTakenUpInVain(int writers) {
    end = 1;
    assign();
    step();
    assign(ONE);
    for (int attempt = 1; attempt <= writers; attempt++) {
      takenUpInVain("other" + attempt, attempt);
    }
    ask(ONE, 0);
    ask(ONE, 1);
    step();
    step(); // What is in the log is known by then.
  }

  private void moveOn(GenerationRequest work) {
    work.listener().admitted(0);
    step(); // Proves that the partition is still there.
    work.listener().generated(new SampledToken(tokenizer.encodeText("Hello")[0], null));
    step();
  }

  @Test
  void ofEachUserAFewAreTakenUpBeforeAnAnswerMovesOn() {
    int most = AssignedPartition.MOST_TAKEN_UP_AHEAD;
    end = 2L * most + 1;
    assign();
    step();
    assign(ONE);
    for (int offset = 0; offset < 2 * most; offset++) {
      ask(ONE, offset);
    }
    ask(ONE, 2L * most, BODY.replaceFirst("\\{", "{\"user\": \"other\", "));
    for (int i = 0; i < end; i++) {
      step();
    }

    assertThat(replies.headers(Headers.EVENT)).hasSize(most + 1).containsOnly("start");
  }

  @Test
  void nothingIsComputedOfARequestThatAnOwnerMayHaveDiedOfBeforeItsStartIsInTheLog() {
    end = 1;
    assign();
    step();
    assign(ONE);
    ask(ONE, 0);
    holdingTasks = true; // So that nobody proves whose the partition is.
    step();
    step();
    assertThat(replies.headers(Headers.EVENT)).isEmpty();
    assertThat(drain()).isEmpty();

    holdingTasks = false;
    heldTasks.remove().run();
    step();

    assertThat(replies.headers(Headers.EVENT)).containsExactly("start");
    assertThat(drain()).hasSize(1);
  }

  @Test
  void whatAnOwnerLeftTakesItsTurnInWhateverOrderItsLogsAreRead() {
    end = 3;
    assign();
    step();
    assign(ONE);
    replies.holdingReads = true;
    for (long offset = 0; offset < end; offset++) {
      ask(ONE, offset);
    }
    step();
    replies.holdingReads = false;
    while (!replies.heldReads.isEmpty()) {
      replies.heldReads.removeLast().run();
    }
    step();
    step();

    List<String> asked = LongStream.range(0, end).mapToObj(IntakeLoopTest::id).toList();
    assertThat(replies.headers(Headers.REQUEST_ID)).isEqualTo(asked);
  }

  /** Whoever wrote it may have died before the dead letter was written. */
  @Test
  void theDeadLetterOfARequestThatWorkersDiedOfIsWrittenByWhoeverFindsItsError() {
    end = 1;
    assign();
    step();
    assign(ONE);
    for (int attempt = 1; attempt <= 7; attempt++) {
      takenUpInVain("other" + attempt, attempt);
    }
    String id = RequestEnvelope.requestId(request(ONE, 0, BODY));
    replies.others.add(new ReplyRecord(
        0,
        0,
        id,
        ReplyEvent.ERROR,
        "other7",
        7,
        0L,
        0,
        List.of(),
        null,
        "{\"error\":{\"message\":\"six died\",\"type\":\"server_error\",\"param\":null,"
            + "\"code\":\"server_error\"}}"));
    ask(ONE, 0);
    step();
    step();

    assertThat(replies.records).isEmpty();
    assertThat(log.records())
        .filteredOn(record -> record.topic().equals(Topics.deadLetters(TOPIC)))
        .singleElement()
        .satisfies(letter -> assertThat(letter.headers().lastHeader(Headers.DLT_EXCEPTION_MESSAGE))
            .extracting(header -> new String(header.value(), UTF_8))
            .isEqualTo("server_error: six died"));
    assertThat(committed(ONE)).isEqualTo(1);
  }

  private void takenUpInVain(String writer, int attempt) {
    String id = RequestEnvelope.requestId(request(ONE, 0, BODY));
    replies.others.add(new ReplyRecord(
        0, 0, id, ReplyEvent.START, writer, attempt, null, 0, List.of(), 99L, "{}"));
  }

  @Test
  void whatADeadEngineHadTakenInAndDidNotMoveOnIsLeftAsIfTheProcessHadDied() {
    takeInThree();
    inbox.engineDied();

    assign();
    step();

    assertThat(replies.headers(Headers.EVENT))
        .containsExactly("start", "start", "start", "delta", "release");
    assertThat(released()).containsExactly(id(2));
    assertThat(loop.isBusy()).isFalse();
  }

  @Test
  void whatAnEngineHadTakenInThatHangsWhenTheWorkerEndsIsLeftLikewise() {
    takeInThree();
    inbox.stepEnded();
    loop.drain();
    nanos += EngineWatch.LONGEST_STEP.toNanos();

    assign();
    step();

    assertThat(released()).containsExactly(id(2));
    assertThat(loop.isBusy()).isFalse();
  }

  @Test
  void whatAnEngineHasTakenInThatStillStepsWhenTheWorkerEndsIsReleased() {
    takeInThree();
    loop.drain();
    nanos += EngineWatch.LONGEST_STEP.toNanos();
    inbox.stepEnded();

    assign();
    step();

    assertThat(released()).containsExactlyInAnyOrder(id(0), id(2));
  }

  @Test
  void whatASlowEngineHasTakenInIsReleasedWhenItsPartitionIsRevoked() {
    takeInThree();
    nanos += EngineWatch.LONGEST_STEP.toNanos();

    assign();
    step();

    assertThat(released()).containsExactlyInAnyOrder(id(0), id(2));
  }

  /** Three are taken up; the engine has two of them, and the second has moved on. */
  private void takeInThree() {
    end = 3;
    assign();
    step();
    assign(ONE);
    for (int offset = 0; offset < 3; offset++) {
      ask(ONE, offset);
    }
    step();
    step();
    step();
    List<GenerationRequest> taken = drain();
    assertThat(taken).extracting(GenerationRequest::id).containsExactly(id(0), id(1));
    taken.get(0).listener().admitted(0);
    moveOn(taken.get(1));
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "start", "start", "delta");
  }

  private static String id(long offset) {
    return RequestEnvelope.requestId(request(ONE, offset, BODY));
  }

  /** Who was given up in good order. */
  private List<String> released() {
    return replies.records.stream()
        .filter(reply -> header(reply, Headers.EVENT).equals("release"))
        .map(reply -> header(reply, Headers.REQUEST_ID))
        .toList();
  }

  private static String header(ProducerRecord<String, byte[]> reply, String name) {
    return new String(reply.headers().lastHeader(name).value(), UTF_8);
  }

  /** Whoever reads the record next would die of it as well. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anErrorWhileARequestIsMappedIsAnErrorOfThatRequest(boolean deep) {
    mappingFault = deep ? new StackOverflowError("planted") : new LinkageError("planted");
    ask(ONE, 0);
    step();
    mappingFault = null;
    ask(ONE, 1);
    step();

    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "error");
    assertIsAnsweredWithAnErrorAndKept("planted");
    assertThat(drain()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anErrorWhileAnAnswerIsGoneOnWithIsAnErrorOfThatRequest(boolean deep) {
    end = 1;
    assign();
    step();
    assign(ONE);
    resumeFault = deep ? new StackOverflowError("planted") : new LinkageError("planted");
    begun(tokenizer.encodeText("Hello")[0]);
    ask(ONE, 0);
    step();
    step();

    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "error");
    assertIsAnsweredWithAnErrorAndKept("planted");
  }

  private void assertIsAnsweredWithAnErrorAndKept(String message) {
    assertThat(log.records())
        .filteredOn(record -> record.topic().equals(Topics.deadLetters(TOPIC)))
        .singleElement()
        .satisfies(letter -> assertThat(letter.headers().lastHeader(Headers.DLT_EXCEPTION_MESSAGE))
            .extracting(header -> new String(header.value(), UTF_8))
            .asString()
            .startsWith("server_error: ")
            .endsWith(message));
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void anAnswerThatWasNotBegunIsLeftToTheNextOwner() {
    ask(ONE, 0);
    step();

    assign();
    step();
    assign(ONE);

    assertThat(replies.records).isEmpty();
    assertThat(committed(ONE)).isZero();
  }

  @Test
  void aRevokedPartitionsRequestsLeaveTheEngine() {
    ask(ONE, 0);
    step();
    assertThat(inbox.size()).isEqualTo(1);

    assign();
    step();

    assertThat(inbox.size()).isZero();
  }

  @Test
  void whatIsDoneIsCommittedBeforeAPartitionIsGivenUp() {
    ask(ONE, 0);
    step();
    finish(drain().get(0));

    assign();
    step();
    assign(ONE); // The test consumer tells offsets of assigned partitions only.

    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void everyAssignmentWritesUnderANameOfItsOwn() {
    ask(ONE, 0);
    step();
    drain().get(0).listener().admitted(0);
    assign();
    step();
    assign(ONE);
    ask(ONE, 1);
    step();
    drain().get(0).listener().admitted(0);

    assertThat(replies.headers(Headers.WRITER))
        .containsExactly(
            "w0", "w0", "w1"); // The first start was taken back when its partition left.
  }

  @Test
  void aRequestThatNobodyCanBeToldAboutIsDoneWithItsDeadLetter() {
    consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, "key", BODY.getBytes(UTF_8)));
    step();

    assertThat(log.records())
        .extracting(ProducerRecord::topic)
        .containsExactly(TOPIC + "-dlt", Topics.USAGE);
    assertThat(log.records().get(0).value()).isEqualTo(BODY.getBytes(UTF_8));
    assertThat(log.transactions()).isEqualTo(1);
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void anOffsetIsCommittedWithItsUsageEvent() throws Exception {
    ask(ONE, 0);
    step();
    GenerationRequest work = drain().get(0);
    work.listener().admitted(3);
    work.listener().generated(new SampledToken(2, null));
    work.listener().finished(GenerationEnd.END_TOKEN);
    step();

    UsageEvent event = usage();
    assertThat(event.id()).isEqualTo(TOPIC + "/0/0");
    assertThat(event.user()).isEqualTo("anonymous");
    assertThat(event.outcome()).isEqualTo("stop");
    assertThat(event.completionTokens()).isEqualTo(1);
    assertThat(event.endedMillis()).isEqualTo(NOW);
    assertThat(log.transactions()).isEqualTo(1);
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void whatIsDoneAtAboutTheSameTimeIsClosedTogether() {
    ask(ONE, 0);
    ask(ONE, 1);
    step();
    drain().forEach(this::finish);
    step();

    assertThat(log.records()).hasSize(2);
    assertThat(log.transactions()).isEqualTo(1);
  }

  @Test
  void aClosingThatIsLostIsRepeatedAndNotOvertaken() {
    ask(ONE, 0);
    ask(ONE, 1);
    step();
    List<GenerationRequest> work = drain();
    log.plan("offsets", ClosingLog.Fault.FAILED);
    finish(work.get(1));
    step();
    finish(work.get(0));
    step();
    assertThat(log.offsets()).isEmpty();

    nanos += SESSION.toNanos() / 2;
    step();
    step();

    assertThat(log.offsets()).extracting(OffsetAndMetadata::offset).containsExactly(0L, 2L);
    assertThat(log.records()).hasSize(2);
  }

  @Test
  void finishedRecordIsSkippedAfterRestart() {
    ask(ONE, 0);
    ask(ONE, 1);
    step();
    finish(drain().get(1));
    step();

    loop.onPartitionsLost(List.of(ONE));
    loop.onPartitionsAssigned(List.of(ONE));
    step();
    ask(ONE, 0);
    ask(ONE, 1);
    step();

    assertThat(drain()).hasSize(1);
    assertThat(log.offsets().get(0).metadata()).isEqualTo("sirocco1:1.1");
  }

  @Test
  void foreignMetadataIsReadAgain() {
    loop.onPartitionsLost(List.of(ONE));
    consumer.commitSync(Map.of(ONE, new OffsetAndMetadata(1, "by hand")));
    loop.onPartitionsAssigned(List.of(ONE));
    step();
    ask(ONE, 1);
    step();

    assertThat(drain()).hasSize(1);
    assertThat(consumer.position(ONE)).isEqualTo(2);
  }

  @Test
  void requestsThatAreGoneAreNotWaitedFor() {
    loop.onPartitionsLost(List.of(ONE));
    consumer.commitSync(Map.of(ONE, new OffsetAndMetadata(1, "")));
    consumer.updateBeginningOffsets(Map.of(ONE, 5L));
    loop.onPartitionsAssigned(List.of(ONE));
    step();
    ask(ONE, 5);
    step();
    finish(drain().get(0));
    step();

    assertThat(committed(ONE)).isEqualTo(6);
  }

  @Test
  void aPartitionIsReadWhenItsEarlierOwnerIsShutOut() {
    holdingTasks = true;
    assign();
    assign(ONE);
    ask(ONE, 0);
    step();
    assertThat(consumer.paused()).containsExactly(ONE);
    assertThat(drain()).isEmpty();

    holdingTasks = false;
    List.copyOf(heldTasks).forEach(Runnable::run); // The end of the owner before is among them.
    step();

    assertThat(drain()).hasSize(1);
    assertThat(consumer.paused()).isEmpty();
  }

  @Test
  void theConsumerNeverHasToLookWhereAPartitionBegins() {
    holdingTasks = true;
    assign();

    assign(ONE);

    assertThat(consumer.position(ONE)).isZero();
  }

  @Test
  void anAssignmentThatTheGroupRefusesEnds() {
    ask(ONE, 0);
    ask(ONE, 1);
    step();
    log.plan("offsets", ClosingLog.Fault.REFUSED);
    finish(drain().get(0));
    step();

    assertThat(log.records()).isEmpty();
    assertThat(consumer.paused()).containsExactly(ONE);
    assertThat(loop.isBusy()).isFalse();
  }

  @Test
  void theTraceContextOfARequestIsOnEveryRecordOfItsAnswer() {
    ConsumerRecord<String, byte[]> request = request(ONE, 0, BODY);
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    request.headers().add(Headers.TRACEPARENT, parent.getBytes(UTF_8));
    request.headers().add(Headers.TRACESTATE, "vendor=1".getBytes(UTF_8));
    consumer.addRecord(request);
    step();
    finish(drain().get(0));
    step();

    assertThat(replies.records).hasSizeGreaterThan(1).allSatisfy(reply -> {
      assertThat(reply.headers().headers(Headers.TRACEPARENT))
          .extracting(header -> new String(header.value(), UTF_8))
          .containsExactly(parent);
      assertThat(reply.headers().headers(Headers.TRACESTATE))
          .extracting(header -> new String(header.value(), UTF_8))
          .containsExactly("vendor=1");
    });
  }

  @Test
  void whoLooksOnSeesWhatIsNotClosed() {
    ask(ONE, 0);
    ask(ONE, 1);
    ask(ONE, 2);
    step();
    finish(drain().get(0));
    nanos += Duration.ofSeconds(1).toNanos();
    step();

    assertThat(loop.standing().fenced()).isZero();
    assertThat(loop.standing().partitions())
        .containsExactly(Map.entry(ONE, new IntakeStanding.Partition(2, 3)));
  }

  @Test
  void whatWaitsInAPartitionIsWhatIsOpenAndWhatWasNotReadAndIsNotGone() {
    IntakeStanding.Partition standing = new IntakeStanding.Partition(2, 3);

    assertThat(standing.lag(0, 10)).isEqualTo(2 + 7);
    assertThat(standing.lag(8, 10)).isEqualTo(2 + 2);
    assertThat(standing.lag(0, 3)).isEqualTo(2);
  }

  @Test
  void whoLooksOnSeesThatAPartitionIsFenced() {
    ask(ONE, 0);
    step();
    log.plan("offsets", ClosingLog.Fault.REFUSED);
    finish(drain().get(0));
    step();
    nanos += Duration.ofSeconds(1).toNanos();
    step();

    assertThat(loop.standing().fenced()).isOne();
    assertThat(loop.standing().partitions()).isEmpty();
  }

  @Test
  void whoIsOverAndNotToldSoJoinsAnew() {
    ask(ONE, 0);
    step();
    log.plan("offsets", ClosingLog.Fault.REFUSED);
    finish(drain().get(0));
    step();
    for (long waited = 0; waited < SESSION.toNanos() * 2; waited += TICK_NANOS) {
      step();
    }
    assertThat(consumer.subscription()).containsExactly(TOPIC);
    assertThat(consumer.assignment()).isEmpty();

    assign(ONE);
    ask(ONE, 0);
    step();

    assertThat(drain()).hasSize(1);
  }

  @Test
  void whoWasAwayForLongerThanASessionLetsGoOfEverything() {
    ask(ONE, 0);
    step();
    GenerationRequest work = drain().get(0);

    nanos += SESSION.toNanos() + 1;
    step();
    finish(work);
    step();

    assertThat(log.records()).isEmpty();
    assertThat(replies.records).isEmpty();
  }

  @Test
  void whoWasAwayIsGivenTimeToBeToldWhatItLost() {
    ask(ONE, 0);
    step();

    nanos += SESSION.toNanos() + 1;
    step();

    assertThat(consumer.assignment()).containsExactly(ONE);
  }

  @Test
  void aPartitionWhoseOffsetsAreNotKnownHoldsUpNoOtherOne() {
    consumer.setOffsetsException(new TimeoutException("nobody leads it"));
    assign(ONE, OTHER);
    step();
    assertThat(consumer.paused()).hasSize(1);

    nanos += Duration.ofSeconds(1).toNanos();
    step();

    assertThat(consumer.paused()).isEmpty();
  }

  @Test
  void muchToDoIsNoReasonToLetGo() {
    for (int i = 0; i < 4; i++) {
      ask(ONE, i, "no JSON");
    }
    replies.onSend = () -> nanos += SESSION.toNanos() / 3;
    step();
    step();

    assertThat(committed(ONE)).isEqualTo(4);
  }

  @Test
  void aPauseShorterThanASessionIsNoReasonToLetGo() {
    ask(ONE, 0);
    step();
    GenerationRequest work = drain().get(0);

    nanos += SESSION.toNanos() - TICK_NANOS;
    step();
    finish(work);
    step();

    assertThat(log.records()).hasSize(1);
  }

  private UsageEvent usage() throws Exception {
    List<UsageEvent> events = new ArrayList<>();
    for (ProducerRecord<String, byte[]> record : log.records()) {
      if (record.topic().equals(Topics.USAGE)) {
        events.add(new JsonCodec().read(record.value(), UsageEvent.class));
      }
    }
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  @Test
  void aRequestThatIsCancelledWhileItWaitsIsNotComputedAndCostsNothing() throws Exception {
    askAs("ann", "r1", Map.of());
    step();
    cancellations.add(RequestKey.of("ann", "r1"), NOW);
    step();

    assertThat(drain()).isEmpty();
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "error");
    assertThat(usage()).matches(bill -> bill.outcome().equals("cancelled"));
    assertThat(usage().promptTokens()).isZero();
    step();
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void aRunningAnswerThatIsCancelledEndsWithWhatWasWritten() throws Exception {
    askAs("ann", "r1", Map.of());
    step();
    GenerationRequest work = drain().get(0);
    work.listener().admitted(0);
    work.listener().generated(new SampledToken(tokenizer.encodeText("Hello")[0], null));
    cancellations.add(RequestKey.ofAnyUser("r1"), NOW);
    step();
    work.listener().generated(new SampledToken(tokenizer.encodeText("Hello")[0], null));
    step();

    List<GenerationRequest> stopped = new ArrayList<>();
    inbox.drainCancelledTo(stopped);
    assertThat(stopped).contains(work);
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "delta", "error");
    assertThat(usage().outcome()).isEqualTo("cancelled");
    assertThat(usage().promptTokens()).isEqualTo(work.promptIds().length);
    assertThat(usage().completionTokens()).isEqualTo(1);
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void aCancelOfAnotherUsersIdDoesNothing() {
    askAs("ann", "r1", Map.of());
    step();
    cancellations.add(RequestKey.of("bob", "r1"), NOW);
    cancellations.add(RequestKey.of("ann", "r2"), NOW);
    step();

    finish(drain().get(0));
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "delta", "end");
  }

  @Test
  void aCancelThatCameBeforeItsRequestEndsIt() {
    cancellations.add(RequestKey.of("ann", "r1"), NOW);
    step();
    askAs("ann", "r1", Map.of());
    step();

    assertThat(drain()).isEmpty();
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "error");
  }

  @Test
  void aCancelThatWasTakenBackEndsNothing() {
    cancellations.add(RequestKey.of("ann", "r1"), NOW);
    cancellations.remove(RequestKey.of("ann", "r1"));
    askAs("ann", "r1", Map.of());
    step();

    assertThat(drain()).hasSize(1);
  }

  @Test
  void aCancelledAnswerThatAnotherOwnerBeganIsEndedByItsHeir() throws Exception {
    end = 1;
    assign();
    step();
    assign(ONE);
    begun(tokenizer.encodeText("Hello")[0]);
    cancellations.add(RequestKey.ofAnyUser(RequestEnvelope.requestId(request(ONE, 0, BODY))), NOW);
    ask(ONE, 0);
    step();
    step(); // What is in the log is known by then.
    step(); // And that the partition is still there.

    assertThat(drain()).isEmpty();
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "error");
    assertThat(replies.headers(Headers.ATTEMPT)).containsExactly("2", "2");
    assertThat(usage().outcome()).isEqualTo("cancelled");
    assertThat(usage().completionTokens()).isEqualTo(1);
  }

  /** Its start is in the log by then, as an owner before may have died of it. */
  @Test
  void aRequestThatAnHeirEndsBeforeTheEngineHasRoomCostsNothing() throws Exception {
    end = 3;
    assign();
    step();
    assign(ONE);
    for (int request = 0; request < 3; request++) {
      askAs("ann", "r" + request, Map.of());
    }
    for (int i = 0; i < 5; i++) {
      step(); // Two wait in the engine, and one for room there.
    }
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "start", "start");
    assertThat(inbox.size()).isEqualTo(2);
    cancellations.add(RequestKey.of("ann", "r2"), NOW);
    step();

    assertThat(replies.headers(Headers.EVENT)).endsWith("error");
    assertThat(usage().outcome()).isEqualTo("cancelled");
    assertThat(usage().promptTokens()).isZero();
    assertThat(drain()).hasSize(2);
  }

  @Test
  void aRequestThatIsPastItsDeadlineIsNotComputedAndCostsNothing() throws Exception {
    askAs("ann", "r1", Map.of(Headers.DEADLINE_MS, Long.toString(NOW)));
    step();
    step();

    assertThat(drain()).isEmpty();
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "error");
    assertThat(usage().outcome()).isEqualTo("deadline_exceeded");
    assertThat(usage().promptTokens()).isZero();
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void anAnswerEndsAtItsDeadlineWhereItStands() throws Exception {
    askAs("ann", "r1", Map.of(Headers.DEADLINE_MS, Long.toString(NOW + 5)));
    step();
    GenerationRequest work = drain().get(0);
    work.listener().admitted(0);
    work.listener().generated(new SampledToken(tokenizer.encodeText("Hello")[0], null));
    millis = NOW + 4;
    step();
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "delta");

    millis = NOW + 5;
    step();
    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "delta", "error");
    assertThat(usage().outcome()).isEqualTo("deadline_exceeded");
    assertThat(usage().completionTokens()).isEqualTo(1);
  }

  @Test
  void anAnswerThatIsCompleteByItsDeadlineIsWhole() {
    askAs("ann", "r1", Map.of(Headers.DEADLINE_MS, Long.toString(NOW + 5)));
    step();
    finish(drain().get(0));
    millis = NOW + 5;
    step();

    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "delta", "end");
  }

  @Test
  void aDeadlineThatIsNoTimeIsRefused() {
    askAs("ann", "r1", Map.of(Headers.DEADLINE_MS, "in a minute"));
    step();
    step();

    assertThat(drain()).isEmpty();
    assertThat(new String(replies.records.get(1).value(), UTF_8))
        .contains("\"code\":\"invalid_value\"", "\"param\":\"deadline-ms\"")
        .contains("expected milliseconds since the epoch");
  }

  @Test
  void whoeverWaitsIsToldTheirPlaceUntilTheyAreTakenUp() {
    askAs("ann", "r1", Map.of());
    askAs("bob", "r2", Map.of());
    step();
    List<GenerationRequest> work = drain();
    work.get(0).listener().admitted(0);
    for (int i = 0; i < 2 * PROGRESS_EVERY.toNanos() / TICK_NANOS; i++) {
      nanos += TICK_NANOS;
      loop.step(Duration.ZERO);
    }
    assertThat(told()).allMatch(reply -> reply.contains("{\"ahead\":0}")).hasSize(2);

    finish(work.get(1));
    nanos += 2 * PROGRESS_EVERY.toNanos();
    step();
    assertThat(told()).hasSize(2);
  }

  @Test
  void manyWhoWaitAreToldAFewAtATimeAndAllOfThemAsOften() {
    int many = 40;
    for (int i = 0; i < many; i++) {
      askAs("user" + i, "r" + i, Map.of());
    }
    step();
    nanos += PROGRESS_EVERY.toNanos();
    loop.step(Duration.ZERO);
    assertThat(told()).hasSizeBetween(1, 8);

    for (int i = 0; i < PROGRESS_EVERY.toNanos() / TICK_NANOS; i++) {
      nanos += TICK_NANOS;
      loop.step(Duration.ZERO);
    }
    for (int ahead = 0; ahead < many; ahead++) {
      String place = "{\"ahead\":" + ahead + "}";
      assertThat(told()).filteredOn(place::equals).hasSizeBetween(1, 2);
    }
  }

  @Test
  void whoeverDoesNotWantToKnowIsToldNothing() {
    askAs("ann", "r1", Map.of(Headers.PROGRESS, "false"));
    askAs("bob", "r2", Map.of());
    step();
    nanos += PROGRESS_EVERY.toNanos();
    step();

    assertThat(told()).singleElement().asString().contains("{\"ahead\":1}");
  }

  private List<String> told() {
    return replies.records.stream()
        .map(reply -> new String(reply.value(), UTF_8))
        .filter(body -> body.startsWith("{\"ahead\""))
        .toList();
  }

  private void askAs(String user, String id, Map<String, String> headers) {
    long offset = asked++;
    ConsumerRecord<String, byte[]> request = request(ONE, offset, BODY);
    request.headers().add(Headers.USER, user.getBytes(UTF_8));
    request.headers().add(Headers.REQUEST_ID, id.getBytes(UTF_8));
    headers.forEach((name, value) -> request.headers().add(name, value.getBytes(UTF_8)));
    consumer.addRecord(request);
  }

  @Test
  void aDrainingLoopTakesNoMoreRequestsAndWaitsForThoseInProgress() {
    ask(ONE, 0);
    step();
    GenerationRequest work = drain().get(0);
    loop.drain();
    ask(ONE, 1);
    step();
    assertThat(inbox.size()).isZero();
    assertThat(loop.isBusy()).isTrue();

    finish(work);
    step();

    assertThat(loop.isBusy()).isFalse();
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void aDrainingLoopStaysNoLongerThanUntilWorkOfAnotherPartitionComesToIt() {
    ask(ONE, 0);
    step();
    GenerationRequest work = drain().get(0);
    work.listener().admitted(0);
    loop.drain();
    assign(ONE, OTHER); // Of which all is done.
    step();
    assertThat(loop.isFinishing()).isTrue();

    assign(ONE);
    step();
    end = 1;
    assign(ONE, OTHER);
    step();

    assertThat(loop.isBusy()).isTrue();
    assertThat(loop.isFinishing()).isFalse();
  }

  @Test
  void aLoopThatDoesNotDrainTakesWhatComesToIt() {
    ask(ONE, 0);
    step();
    end = 1;
    assign(ONE, OTHER);
    step();
    loop.drain();
    step();

    assertThat(loop.isFinishing()).isTrue();
  }

  @Test
  void aRequestForAnotherModelIsRefusedWhereItCame() {
    ask(ONE, 0, BODY.replace("{\"stream\"", "{\"model\":\"other\",\"stream\""));
    step();
    step();

    assertThat(drain()).isEmpty();
    assertThat(new String(replies.records.get(1).value(), UTF_8))
        .contains("\"code\":\"model_not_found\"", "\"param\":\"model\"")
        .contains("expected 'demo', which this topic is for, or an alias of it, found 'other'");
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void aRequestMayNameTheModelByAnyOfItsNames() {
    ask(ONE, 0, BODY.replace("{\"stream\"", "{\"model\":\"demo\",\"stream\""));
    ask(ONE, 1, BODY.replace("{\"stream\"", "{\"model\":\"ORG/demo\",\"stream\""));
    step();

    assertThat(drain()).hasSize(2);
  }

  @Test
  void fieldsThatNobodyKnowsAreNamedAtTheStart() {
    ask(ONE, 0, BODY.replace("{\"stream\"", "{\"temprature\":1,\"stream\""));
    step();
    drain().forEach(this::finish);

    ProducerRecord<String, byte[]> start = replies.records.get(0);
    assertThat(new String(start.headers().lastHeader(Headers.WARNINGS).value(), UTF_8))
        .isEqualTo("temprature");
  }

  @Test
  void fieldsThatNobodyKnowsAreAnErrorOfAStrictRequest() {
    ask(ONE, 0, BODY.replace("{\"stream\"", "{\"temprature\":1,\"stream\""), "true");
    step();
    step();

    assertThat(drain()).isEmpty();
    assertThat(new String(replies.records.get(1).value(), UTF_8))
        .contains("\"code\":\"unsupported_parameter\"", "\"param\":\"temprature\"");
  }

  @Test
  void aRequestThatIsNeitherStrictNorNotIsRefused() {
    ask(ONE, 0, BODY, "false");
    ask(ONE, 1, BODY, "yes");
    step();
    step();

    assertThat(drain()).hasSize(1);
    assertThat(new String(replies.records.get(1).value(), UTF_8))
        .contains("\"code\":\"invalid_value\"", "\"param\":\"strict\"");
  }

  @Test
  void anErrorOfAFieldNamesItsRange() {
    ask(ONE, 0, BODY.replace("{\"stream\"", "{\"seed\":9223372036854775808,\"stream\""));
    step();
    step();

    assertThat(drain()).isEmpty();
    assertThat(new String(replies.records.get(1).value(), UTF_8))
        .contains("\"code\":\"invalid_value\"", "\"param\":\"seed\"")
        .contains("expected a whole number from 0 to 9223372036854775807");
  }

  private void assign(TopicPartition... partitions) {
    List<TopicPartition> all = List.of(partitions);
    Map<TopicPartition, Long> beginnings = new HashMap<>();
    all.forEach(partition -> beginnings.put(partition, 0L));
    consumer.updateBeginningOffsets(beginnings);
    Map<TopicPartition, Long> ends = new HashMap<>();
    all.forEach(partition -> ends.put(partition, end));
    consumer.updateEndOffsets(ends);
    consumer.rebalance(all);
  }

  private void ask(TopicPartition partition, long offset) {
    ask(partition, offset, BODY);
  }

  private void ask(TopicPartition partition, long offset, String body) {
    consumer.addRecord(request(partition, offset, body));
  }

  private void askAs(TopicPartition partition, long offset, String user) {
    ConsumerRecord<String, byte[]> request = request(partition, offset, BODY);
    request.headers().add(Headers.USER, user.getBytes(UTF_8));
    consumer.addRecord(request);
  }

  private void ask(TopicPartition partition, long offset, String body, String strict) {
    ConsumerRecord<String, byte[]> request = request(partition, offset, body);
    request.headers().add(Headers.STRICT, strict.getBytes(UTF_8));
    consumer.addRecord(request);
  }

  private static ConsumerRecord<String, byte[]> request(
      TopicPartition partition, long offset, String body) {
    ConsumerRecord<String, byte[]> request =
        new ConsumerRecord<>(TOPIC, partition.partition(), offset, "key", body.getBytes(UTF_8));
    request.headers().add(Headers.REPLY_TOPIC, "chat.replies.test".getBytes(UTF_8));
    request.headers().add(Headers.REPLY_OFFSET, "0".getBytes(UTF_8));
    return request;
  }

  private void step() {
    for (int i = 0; i < 2; i++) {
      nanos += TICK_NANOS;
      loop.step(Duration.ZERO);
    }
  }

  private List<GenerationRequest> drain() {
    List<GenerationRequest> work = new ArrayList<>();
    inbox.drainTo(work, 100);
    return work;
  }

  private void finish(GenerationRequest work) {
    work.listener().admitted(0);
    work.listener().generated(new SampledToken(2, null));
    work.listener().finished(GenerationEnd.END_TOKEN);
  }

  private long committed(TopicPartition partition) {
    OffsetAndMetadata offset = consumer.committed(Set.of(partition)).get(partition);
    return offset == null ? 0 : offset.offset();
  }

  /** Fails, if it is to, on what others began. */
  private final class Telemetry implements RequestTelemetry {
    @Override
    public GenerationListener follow(
        ConsumerRecord<String, byte[]> request, int resumedTokens, GenerationListener listener) {
      if (resumedTokens > 0) {
        fail(resumeFault);
      }
      return listener;
    }

    @Override
    public void closed(
        ConsumerRecord<String, byte[]> request,
        long takenMillis,
        AnswerTotals totals,
        boolean isDeadLetter) {}

    @Override
    public void committed(ConsumerRecord<String, byte[]> request) {}
  }

  /**
   * Acknowledges what is written at once, all as if it were the first record of its log. What others
   * wrote is what the test says.
   */
  private static final class Replies implements ReplyWriter, ReplyLogReader, Delays {
    private final List<ReplyRecord> others = new ArrayList<>();
    private final Deque<Runnable> heldReads = new ArrayDeque<>();
    private boolean holdingReads;
    private Runnable onSend = () -> {};
    private boolean gone;

    /** Whether records are acknowledged where they stand, behind those of others. */
    private boolean inPlace;

    /** What becomes of the next record, once. */
    private @Nullable RuntimeException failing;

    private final List<ProducerRecord<String, byte[]>> records = new ArrayList<>();

    /** That header of each record. */
    private List<String> headers(String name) {
      return records.stream()
          .map(reply -> new String(reply.headers().lastHeader(name).value(), UTF_8))
          .toList();
    }

    @Override
    public CompletionStage<Void> awaitWritable(ReplyLog log) {
      return gone
          ? CompletableFuture.failedFuture(new UnknownTopicOrPartitionException("gone"))
          : CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Long> send(ProducerRecord<String, byte[]> reply) {
      onSend.run();
      RuntimeException fault = failing;
      if (fault != null) {
        failing = null;
        return CompletableFuture.failedFuture(fault);
      }
      records.add(reply);
      long place = others.size() + records.size() - 1L;
      return CompletableFuture.completedFuture(inPlace ? place : 0L);
    }

    @Override
    public CompletionStage<LogReading> read(ReplyLog log, long through) {
      LogReading reading = reading(log);
      if (!holdingReads) {
        return CompletableFuture.completedFuture(reading);
      }
      CompletableFuture<LogReading> held = new CompletableFuture<>();
      heldReads.add(() -> held.complete(reading));
      return held;
    }

    private LogReading reading(ReplyLog log) {
      if (gone) {
        return new LogReading.Gone("gone");
      }
      ReplyCheckpoint checkpoint = new ReplyCheckpoint(log.requestId(), new JsonCodec());
      try {
        for (ReplyRecord reply : others) {
          checkpoint.accept(reply);
        }
        for (ProducerRecord<String, byte[]> record : records) {
          ReplyRecord own = ReplyRecord.decode(
              0,
              0,
              name -> {
                Header header = record.headers().lastHeader(name);
                return header == null ? null : header.value();
              },
              record.value());
          if (own != null) {
            checkpoint.accept(own);
          }
        }
      } catch (MalformedJsonException e) {
        throw new AssertionError(e);
      }
      return new LogReading.Found(checkpoint);
    }

    @Override
    public CompletionStage<Void> delay(Duration time) {
      return CompletableFuture.completedFuture(null);
    }
  }
}
