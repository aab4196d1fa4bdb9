package io.sirocco.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.model.ModelNames;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.prompt.ChatTemplate;
import io.sirocco.worker.prompt.PromptEncoder;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.reply.CostEstimate;
import io.sirocco.worker.reply.DurableWriter;
import io.sirocco.worker.reply.ReplyAddress;
import io.sirocco.worker.reply.ReplyWriter;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.tokenizer.Tokenizer;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import io.sirocco.worker.usage.UsageMeter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The loop on Kafka's own test consumer; the engine is the test, which finishes what it is given. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntakeLoopTest {
  private static final String TOPIC = Topics.requests("demo");
  private static final TopicPartition ONE = new TopicPartition(TOPIC, 0);
  private static final TopicPartition OTHER = new TopicPartition(TOPIC, 1);
  private static final String BODY =
      "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static final long NOW = 1_795_000_000_000L;

  private Tokenizer tokenizer;
  private RequestMapper mapper;

  private MockConsumer<String, byte[]> consumer;
  private EngineInbox inbox;
  private Replies replies;
  private IntakeLoop loop;
  private int writers;

  @BeforeAll
  void loadTokenizer() throws Exception {
    ModelFolder folder = ModelFolder.open(Path.of("..", "deploy", "models", "demo"));
    tokenizer = HuggingFaceTokenizer.load(folder.tokenizerFile());
    mapper = new RequestMapper(
        new PromptEncoder(ChatTemplate.load(folder), tokenizer), 1024, tokenizer.vocabularySize());
  }

  @BeforeEach
  void startLoop() {
    consumer = new MockConsumer<>("earliest");
    inbox = new EngineInbox(2);
    replies = new Replies();
    RequestDispatcher dispatcher = new RequestDispatcher(
        new IntakePolicy(
            new ModelNames("demo", List.of("org/Demo")),
            Topics.ALLOWED_REPLY_TOPICS,
            UserSource.HEADER_OR_BODY),
        Set.of(2),
        mapper,
        tokenizer,
        CostEstimate.UNKNOWN,
        replies,
        Runnable::run);
    writers = 0;
    loop = new IntakeLoop(consumer, TOPIC, dispatcher, inbox, closer(), () -> "w" + writers++);
    assign(ONE);
  }

  private RequestCloser closer() {
    DurableWriter durably = new DurableWriter(replies, Runnable::run);
    return new RequestCloser(
        new DeadLetters(durably, "group"),
        new UsageMeter(durably),
        "demo",
        () -> Instant.ofEpochMilli(NOW));
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
  void aPartitionIsPausedWhileTheEngineHasEnoughOfItAndPollingGoesOn() {
    for (int offset = 0; offset < 3; offset++) {
      ask(ONE, offset);
    }
    step();
    assertThat(consumer.paused()).containsExactly(ONE);
    step();
    assertThat(consumer.paused()).containsExactly(ONE);

    assertThat(drain()).hasSize(2);
    step();

    assertThat(drain()).hasSize(1);
    assertThat(consumer.paused()).isEmpty();
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

    assertThat(consumer.paused()).containsExactly(ONE);
    assertThat(drain())
        .extracting(GenerationRequest::queue)
        .containsExactly(ONE.toString(), OTHER.toString(), ONE.toString());
  }

  @Test
  void lateCompletionAfterRevokeIsIgnored() {
    consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, "key", BODY.getBytes(UTF_8)));
    replies.holding = true;
    step();
    CompletableFuture<Long> late = replies.held.remove();

    loop.onPartitionsLost(List.of(ONE)); // While its dead letter was on the way.
    loop.onPartitionsAssigned(List.of(ONE));
    consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, 1, "key", BODY.getBytes(UTF_8)));
    step();
    late.complete(0L);
    List.copyOf(replies.held).forEach(usage -> usage.complete(0L));
    step();

    assertThat(committed(ONE)).isZero();
  }

  @Test
  void anAnswerThatWasBegunEndsWithAnErrorWhenItsPartitionIsRevoked() {
    ask(ONE, 0);
    step();
    drain().get(0).listener().admitted(0);

    assign();
    step();
    assign(ONE);

    assertThat(replies.headers(Headers.EVENT)).containsExactly("start", "error");
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
        .containsExactly("w0", "w0", "w1"); // The first answer was ended when its partition left.
  }

  @Test
  void aRequestThatNobodyCanBeToldAboutIsDoneWhenItsDeadLetterIsAcknowledged() {
    consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, "key", BODY.getBytes(UTF_8)));
    replies.holding = true;
    step();
    step();
    assertThat(committed(ONE)).isZero();

    replies.holding = false;
    replies.held.remove().complete(0L);
    step();

    assertThat(replies.records.get(0).topic()).isEqualTo(TOPIC + "-dlt");
    assertThat(replies.records.get(0).value()).isEqualTo(BODY.getBytes(UTF_8));
    assertThat(committed(ONE)).isEqualTo(1);
  }

  @Test
  void anOffsetIsCommittedAfterItsUsageEventIsAcknowledged() throws Exception {
    replies.holdTopic = Topics.USAGE;
    ask(ONE, 0);
    step();
    GenerationRequest work = drain().get(0);
    work.listener().admitted(3);
    work.listener().generated(new SampledToken(2, null));
    work.listener().finished(GenerationEnd.END_TOKEN);
    step();
    assertThat(committed(ONE)).isZero();

    replies.held.remove().complete(0L);
    step();

    UsageEvent event = usage();
    assertThat(event.id()).isEqualTo(TOPIC + "/0/0");
    assertThat(event.user()).isEqualTo("anonymous");
    assertThat(event.outcome()).isEqualTo("stop");
    assertThat(event.completionTokens()).isEqualTo(1);
    assertThat(event.endedMillis()).isEqualTo(NOW);
    assertThat(committed(ONE)).isEqualTo(1);
  }

  private UsageEvent usage() throws Exception {
    List<UsageEvent> events = new ArrayList<>();
    for (ProducerRecord<String, byte[]> record : replies.records) {
      if (record.topic().equals(Topics.USAGE)) {
        events.add(new JsonCodec().read(record.value(), UsageEvent.class));
      }
    }
    assertThat(events).hasSize(1);
    return events.get(0);
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
    consumer.rebalance(all);
  }

  private void ask(TopicPartition partition, long offset) {
    ask(partition, offset, BODY);
  }

  private void ask(TopicPartition partition, long offset, String body) {
    consumer.addRecord(request(partition, offset, body));
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
    return request;
  }

  private void step() {
    loop.step(Duration.ZERO);
    loop.step(Duration.ZERO);
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

  /** Acknowledges what is written at once, or when the test says so. */
  private static final class Replies implements ReplyWriter {
    private final List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    private final Deque<CompletableFuture<Long>> held = new ArrayDeque<>();
    private boolean holding;
    private String holdTopic = "";

    /** That header of each record of a reply log. */
    private List<String> headers(String name) {
      return records.stream()
          .filter(record -> record.topic().startsWith(Topics.REPLIES_PREFIX))
          .map(reply -> new String(reply.headers().lastHeader(name).value(), UTF_8))
          .toList();
    }

    @Override
    public CompletionStage<Void> awaitWritable(ReplyAddress address) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Long> send(ProducerRecord<String, byte[]> reply) {
      records.add(reply);
      CompletableFuture<Long> acknowledgement = new CompletableFuture<>();
      if (holding || reply.topic().equals(holdTopic)) {
        held.add(acknowledgement);
      } else {
        acknowledgement.complete((long) records.size());
      }
      return acknowledgement;
    }
  }
}
