package io.sirocco.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.model.ModelNames;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.worker.closing.ClosingLog;
import io.sirocco.worker.closing.PartitionCloser;
import io.sirocco.worker.control.Cancellations;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.prompt.ChatTemplate;
import io.sirocco.worker.prompt.PromptEncoder;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.reply.CostEstimate;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.streams.StreamDirectory;
import io.sirocco.worker.tokenizer.Tokenizer;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import io.sirocco.worker.usage.UsageRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Requests under one id, through the whole intake; the engine is the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepeatsTest {
  private static final String TOPIC = Topics.requests("demo");
  private static final TopicPartition ONE = new TopicPartition(TOPIC, 0);
  private static final String BODY = body("hi");
  private static final long NOW = 1_795_000_000_000L;
  private static final InstantSource WALL_CLOCK = () -> Instant.ofEpochMilli(NOW);
  private static final String FIRST = "chat.replies.first";
  private static final String SECOND = "chat.replies.second";
  private static final String THIRD = "chat.replies.third";

  private Tokenizer tokenizer;
  private RequestMapper mapper;
  private ReplyTopicsInMemory replies;
  private Directory directory;
  private ClosingLog closed;
  private MockConsumer<String, byte[]> consumer;
  private EngineInbox inbox;
  private IntakeLoop loop;
  private int writers;
  private long nanos;
  private final List<ConsumerRecord<String, byte[]>> topic = new ArrayList<>();

  @BeforeAll
  void loadTokenizer() throws Exception {
    ModelFolder folder = ModelFolder.open(Path.of("..", "deploy", "models", "demo"));
    tokenizer = HuggingFaceTokenizer.load(folder.tokenizerFile());
    mapper = new RequestMapper(
        new PromptEncoder(ChatTemplate.load(folder), tokenizer), 1024, tokenizer.vocabularySize());
  }

  @BeforeEach
  void begin() {
    replies = new ReplyTopicsInMemory();
    directory = new Directory();
    topic.clear();
    closed = new ClosingLog((partition, offset) -> consumer.commitSync(Map.of(partition, offset)));
    start(0, Map.of());
  }

  @Test
  void aRepeatOfARunningRequestIsLedToItsAnswer() {
    ask("u", "id", BODY, FIRST);
    ask("u", "id", BODY, SECOND);
    step();

    List<GenerationRequest> work = drain();
    assertThat(work).hasSize(1);
    assertLed(SECOND, FIRST);
    finish(work.get(0));
    assertThat(replies.events(FIRST)).containsExactly("start", "delta", "end");
  }

  @Test
  void aRepeatOfAnAnsweredRequestIsLedToItsAnswerAndBilledOnce() throws Exception {
    answerFirst();

    ask("u", "id", BODY, SECOND);
    step();
    step();

    assertThat(drain()).isEmpty();
    assertLed(SECOND, FIRST);
    assertThat(bills()).hasSize(1);
    assertThat(committed()).isEqualTo(2);
  }

  @Test
  void anotherBodyUnderTheIdIsAnError() {
    answerFirst();

    ask("u", "id", body("something else"), SECOND);
    step();
    step();

    assertThat(drain()).isEmpty();
    assertThat(replies.events(SECOND)).containsExactly("start", "error");
    assertThat(replies.last(SECOND)).contains("\"code\":\"request_id_conflict\"");
  }

  @Test
  void anotherUsersIdIsAsIfItDidNotExist() {
    answerFirst();

    ask("other", "id", BODY, SECOND);
    step();

    assertThat(drain()).hasSize(1);
  }

  @Test
  void aRepeatAfterARestartIsLedToTheFirstAnswer() {
    answerFirst();
    restart();

    ask("u", "id", BODY, SECOND);
    step();
    step();

    assertThat(drain()).isEmpty();
    assertLed(SECOND, FIRST);
  }

  @Test
  void aRequestThatIsReadAgainAfterARestartIsNoRepeatOfItself() {
    ask("u", "id", BODY, FIRST);
    step();
    assertThat(drain()).hasSize(1);
    restart();
    step();
    step(); // Its start is written before it is computed again.

    List<GenerationRequest> work = drain();
    assertThat(work).hasSize(1);
    finish(work.get(0));
    step();
    assertThat(replies.events(FIRST)).endsWith("delta", "end");
    assertThat(committed()).isEqualTo(1);
  }

  @Test
  void aRepeatWhoseFirstAnswerWasDeletedIsGeneratedAnewAndOnce() {
    answerFirst();
    replies.delete(FIRST);

    ask("u", "id", BODY, SECOND);
    ask("u", "id", BODY, THIRD);
    step();
    step();

    assertThat(drain()).hasSize(1);
    assertLed(THIRD, SECOND);
  }

  @Test
  void nothingIsDecidedBeforeTheDirectoryHasCaughtUp() {
    directory.caughtUp = new CompletableFuture<>();
    ask("u", "id", BODY, FIRST);
    ask("u", "id2", BODY, SECOND);
    step();
    assertThat(drain()).isEmpty();

    directory.caughtUp.complete(null);
    step();

    assertThat(drain()).extracting(GenerationRequest::id).containsExactly("id", "id2");
  }

  @Test
  void aRequestIsNotClosedBeforeItsPlaceIsWrittenDown() {
    CompletableFuture<Void> held = new CompletableFuture<>();
    directory.written = held;
    ask("u", "id", BODY, FIRST);
    step();
    finish(drain().get(0));
    step();
    assertThat(committed()).isZero();

    held.complete(null);
    step();

    assertThat(committed()).isEqualTo(1);
  }

  @Test
  void aLateCopyInTheSamePlaceIsNeitherAnsweredNorBilledAgain() throws Exception {
    answerFirst();

    ask("u", "id", BODY, FIRST);
    step();
    step();

    assertThat(drain()).isEmpty();
    assertThat(replies.events(FIRST)).containsExactly("start", "delta", "end");
    assertThat(bills()).hasSize(1);
    assertThat(committed()).isEqualTo(2);
  }

  @Test
  void anotherBodyInTheSamePlaceIsKeptAmongTheDeadLettersAndCostsNothing() throws Exception {
    answerFirst();

    ask("u", "id", body("something else"), FIRST);
    step();
    step();

    assertThat(replies.events(FIRST)).containsExactly("start", "delta", "end");
    assertThat(bills()).hasSize(2);
    assertThat(bills().get(1).outcome()).isEqualTo("request_id_conflict");
    assertThat(bills().get(1).completionTokens()).isZero();
  }

  @Test
  void aRequestWhoseAnswerCouldNotBeWrittenLeadsNobody() {
    replies.delete(FIRST);
    ask("u", "id", BODY, FIRST);
    step();
    drain().get(0).listener().admitted(0);
    step();

    assertThat(directory.find(RequestKey.of("u", "id"))).isEmpty();
  }

  @Test
  void aRequestWithoutAnIdIsNotWrittenDown() {
    ask("u", null, BODY, FIRST);
    step();

    assertThat(drain()).hasSize(1);
    assertThat(directory.places).isEmpty();
  }

  @Test
  void anothersAnswerInTheSamePlaceIsNeitherTakenNorBilled() throws Exception {
    answerFirst();

    ask("other", "id", BODY, FIRST);
    ask("another", "id", "no JSON", FIRST);
    ask("one more", "id", BODY, FIRST, null); // Read from a minute back.
    step();
    step();

    assertThat(drain()).isEmpty();
    assertThat(replies.events(FIRST)).containsExactly("start", "delta", "end");
    assertRefusedAsConflict(3, "other", "another", "one more");
    assertThat(committed()).isEqualTo(4);
  }

  @Test
  void anothersRunningAnswerInTheSamePlaceIsLeftAlone() throws Exception {
    ask("u", "id", BODY, FIRST);
    step();
    GenerationRequest work = drain().get(0);
    work.listener().admitted(0);

    ask("other", "id", BODY, FIRST, "1");
    restart();
    step();
    step();
    finish(drain().get(0));
    step();

    assertThat(drain()).isEmpty();
    assertThat(replies.events(FIRST)).containsExactly("start", "start", "delta", "end");
    assertRefusedAsConflict(1, "other");
    assertThat(directory.find(RequestKey.of("other", "id"))).isEmpty();
  }

  @Test
  void theSamePlaceIsFreeBehindTheEndOfAnothersAnswer() throws Exception {
    answerFirst();

    ask("other", "id", BODY, FIRST, "3");
    step();

    finish(drain().get(0));
    step();
    assertThat(replies.events(FIRST).subList(3, 6)).containsExactly("start", "delta", "end");
    assertThat(bills()).extracting(UsageEvent::user).containsExactly("u", "other");
    assertThat(bills()).extracting(UsageEvent::completionTokens).containsExactly(1, 1);
  }

  private void assertRefusedAsConflict(int count, String... users) throws Exception {
    List<UsageEvent> refused =
        bills().stream().filter(bill -> !bill.user().equals("u")).toList();
    assertThat(refused).hasSize(count).extracting(UsageEvent::user).containsExactly(users);
    assertThat(refused).allSatisfy(bill -> {
      assertThat(bill.outcome()).isEqualTo("request_id_conflict");
      assertThat(bill.promptTokens()).isZero();
      assertThat(bill.completionTokens()).isZero();
    });
  }

  private void answerFirst() {
    ask("u", "id", BODY, FIRST);
    step();
    finish(drain().get(0));
    step();
    assertThat(committed()).isEqualTo(1);
  }

  private void assertLed(String from, String to) {
    assertThat(replies.events(from)).containsExactly("start", "error");
    assertThat(replies.last(from))
        .contains("\"code\":\"duplicate_request\"")
        .contains(
            "\"stream\":{\"user\":\"u\",\"request_id\":\"id\",\"reply_topic\":\"%s\",\"reply_partition\":0,\"reply_offset\":0}"
                .formatted(to));
  }

  private static String body(String content) {
    return "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(content);
  }

  private void ask(String user, @Nullable String id, String body, String replyTopic) {
    ask(user, id, body, replyTopic, "0");
  }

  private void ask(
      String user, @Nullable String id, String body, String replyTopic, @Nullable String offset) {
    ConsumerRecord<String, byte[]> request =
        new ConsumerRecord<>(TOPIC, 0, topic.size(), user, body.getBytes(UTF_8));
    request.headers().add(Headers.REPLY_TOPIC, replyTopic.getBytes(UTF_8));
    if (offset != null) {
      request.headers().add(Headers.REPLY_OFFSET, offset.getBytes(UTF_8));
    }
    request.headers().add(Headers.USER, user.getBytes(UTF_8));
    if (id != null) {
      request.headers().add(Headers.REQUEST_ID, id.getBytes(UTF_8));
    }
    topic.add(request);
    consumer.addRecord(request);
  }

  private IntakeClock clock() {
    return new IntakeClock(() -> nanos, () -> nanos += 20_000_000L);
  }

  /** Another worker takes over what is left. */
  private void restart() {
    Map<TopicPartition, OffsetAndMetadata> offsets = consumer.committed(Set.of(ONE));
    start(topic.size(), offsets);
    topic.forEach(consumer::addRecord);
  }

  private void start(long end, Map<TopicPartition, OffsetAndMetadata> offsets) {
    consumer = new MockConsumer<>("none");
    inbox = new EngineInbox(8);
    RequestDispatcher dispatcher = new RequestDispatcher(
        new IntakePolicy(
            new ModelNames("demo", List.of()),
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
            RequestTelemetry.NONE),
        new RequestWatch(
            new EarlyEnds(new Cancellations(WALL_CLOCK), WALL_CLOCK),
            new ProgressReports(Duration.ZERO, clock())),
        directory);
    loop = new IntakeLoop(
        consumer,
        TOPIC,
        dispatcher,
        inbox,
        new RequestCloser(new DeadLetters("group"), new UsageRecords(), "demo", WALL_CLOCK),
        partition -> new PartitionCloser(
            partition, () -> closed.producer(partition), Runnable::run, () -> {}),
        () -> "w" + writers++,
        new GroupSession(GroupProtocol.CONSUMER, Duration.ofSeconds(3)),
        clock());
    consumer.updateBeginningOffsets(Map.of(ONE, 0L));
    consumer.updateEndOffsets(Map.of(ONE, end));
    consumer.rebalance(List.of(ONE));
    Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>(offsets);
    known.values().removeIf(offset -> offset == null);
    consumer.commitSync(known);
  }

  private void step() {
    for (int i = 0; i < 3; i++) {
      nanos += 20_000_000L;
      loop.step(Duration.ZERO);
    }
  }

  private List<GenerationRequest> drain() {
    List<GenerationRequest> work = new ArrayList<>();
    inbox.drainTo(work, 100);
    return work;
  }

  private static void finish(GenerationRequest work) {
    work.listener().admitted(0);
    work.listener().generated(new SampledToken(2, null));
    work.listener().finished(GenerationEnd.END_TOKEN);
  }

  private long committed() {
    OffsetAndMetadata offset = consumer.committed(Set.of(ONE)).get(ONE);
    return offset == null ? 0 : offset.offset();
  }

  private List<UsageEvent> bills() throws Exception {
    List<UsageEvent> events = new ArrayList<>();
    for (var each : closed.records()) {
      if (each.topic().equals(Topics.USAGE)) {
        events.add(new JsonCodec().read(each.value(), UsageEvent.class));
      }
    }
    return events;
  }

  /** What all workers know at once. */
  private static final class Directory implements StreamDirectory {
    private final Map<RequestKey, StreamLocation> places = new HashMap<>();
    private CompletableFuture<Void> caughtUp = CompletableFuture.completedFuture(null);
    private CompletionStage<Void> written = CompletableFuture.completedStage(null);

    @Override
    public CompletionStage<Void> caughtUp() {
      return caughtUp;
    }

    @Override
    public Optional<StreamLocation> find(RequestKey key) {
      return Optional.ofNullable(places.get(key));
    }

    @Override
    public List<StreamLocation> under(String requestId, TopicPartition log) {
      return places.entrySet().stream()
          .filter(place -> place.getKey().requestId().equals(requestId))
          .map(Map.Entry::getValue)
          .filter(location -> location.replyTopic().equals(log.topic())
              && location.replyPartition() == log.partition())
          .toList();
    }

    @Override
    public CompletionStage<Void> write(RequestKey key, StreamLocation location) {
      places.put(key, location);
      return written;
    }

    @Override
    public CompletionStage<Void> remove(RequestKey key) {
      places.remove(key);
      return written;
    }

    @Override
    public CompletionStage<OptionalLong> offsetSince(TopicPartition partition, long millis) {
      return CompletableFuture.completedStage(OptionalLong.of(0));
    }
  }
}
