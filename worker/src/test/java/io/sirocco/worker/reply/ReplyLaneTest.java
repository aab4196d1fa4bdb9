package io.sirocco.worker.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.worker.prompt.AnswerForm;
import io.sirocco.worker.prompt.CacheFields;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.prompt.StopRule;
import io.sirocco.worker.sampling.SamplingParameters;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyLaneTest {
  private static final ReplyHead HEAD = new ReplyHead(
      new ReplyLog(
          new ReplyAddress("chat.replies.a", 3), "r1", OptionalLong.of(0), 1_790_000_000_000L),
      new byte[] {0, -1, 7},
      null,
      null,
      "demo",
      "w1",
      4);

  private final JsonCodec codec = new JsonCodec();
  private final FakeReplyLog log = FakeReplyLog.held();
  private final List<String> outcomes = new ArrayList<>();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private @Nullable BigDecimal eachToken;
  private final ReplyLane lane = lane(true);

  @Test
  void noDeltaLeavesBeforeTheStartIsAcknowledged() {
    lane.start(1);
    lane.append(piece("Hello", 7));
    settle();
    assertThat(events()).containsExactly(ReplyEvent.START);

    log.acknowledge();
    settle();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.DELTA);
  }

  @Test
  void theTerminalComesAfterAllDeltasAreAcknowledged() {
    lane.start(1);
    settle();
    log.acknowledge();
    lane.append(piece("Hello", 7));
    lane.append(last("", FinishReason.STOP, 2));
    settle();
    log.acknowledge();
    settle();
    assertThat(events()).doesNotContain(ReplyEvent.END);

    log.acknowledge();
    settle();

    assertThat(events())
        .containsExactly(ReplyEvent.START, ReplyEvent.DELTA, ReplyEvent.DELTA, ReplyEvent.END);
    assertThat(log.sentReplies())
        .extracting(ReplyRecord::sequence)
        .containsExactly(null, 0L, 1L, 2L);
    assertThat(outcomes).isEmpty();

    log.acknowledge();
    settle();
    assertThat(outcomes).containsExactly("delivered stop 2");
  }

  @Test
  void tokenIdsAndUsageCountEveryToken() throws MalformedJsonException {
    lane.start(1);
    lane.append(piece("Hel", 7, 8));
    lane.append(last("", FinishReason.STOP, 2));
    settleAll();

    assertThat(log.sentReplies().get(1).tokenIds()).containsExactly(7, 8);
    assertThat(log.sentReplies().get(2).tokenIds()).containsExactly(2);
    assertThat(log.sentReplies().get(3).body())
        .contains("\"choices\":[]")
        .contains("\"prompt_tokens\":5,\"completion_tokens\":3,\"total_tokens\":8");
  }

  @Test
  void withoutStreamingTheLastRecordHoldsTheWholeAnswer() throws MalformedJsonException {
    ReplyLane whole = lane(false);
    whole.start(1);
    whole.append(piece("Hel", 7));
    whole.append(last("lo", FinishReason.LENGTH, 8));
    settleAll();

    ChatCompletion completion = codec.read(last().body(), ChatCompletion.class);
    assertThat(completion.text()).isEqualTo("Hello");
    assertThat(completion.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(completion.usage()).isEqualTo(Usage.of(5, 1, 2));
  }

  @Test
  void aSlowLogMakesPiecesLargerAndNotMore() {
    lane.start(1);
    settle();
    log.acknowledge();
    for (int i = 0; i < 1000; i++) {
      lane.append(piece("a", i));
      settle();
    }
    lane.append(last("z", FinishReason.STOP, 2));
    settle();
    assertThat(log.records()).hasSize(1 + 64);

    settleAll();

    assertThat(log.records()).hasSize(1 + 64 + 4 + 1);
    assertThat(log.checkpoint("r1").choice(0).text()).isEqualTo("a".repeat(1000) + "z");
    assertThat(log.checkpoint("r1").completionTokens()).isEqualTo(1001);
    assertThat(outcomes).containsExactly("delivered stop 1001");
  }

  @Test
  void whileThereIsNoRoomOneRecordIsOnItsWay() {
    log.full = true;
    lane.start(1);
    settle();
    log.acknowledge();
    for (int i = 0; i < 10; i++) {
      lane.append(piece("a", i));
      settle();
    }
    lane.append(last("z", FinishReason.STOP, 10));
    settle();
    assertThat(log.records()).hasSize(1 + 1);

    settleAll();

    assertThat(log.records()).hasSize(1 + 1 + 1 + 1);
    assertThat(log.checkpoint("r1").choice(0).text()).isEqualTo("a".repeat(10) + "z");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theEndSaysWhatTheAnswerCostsAtThePriceOfThatMoment(boolean stream) {
    eachToken = new BigDecimal("9");
    ReplyLane priced = lane(stream);
    priced.start(1);
    priced.append(piece("Hel", 7));
    settleAll();
    eachToken = new BigDecimal("0.00000003");
    priced.append(last("lo", FinishReason.STOP, 8));
    settleAll();

    assertThat(last().event()).isEqualTo(ReplyEvent.END);
    assertThat(last().body()).contains("\"estimated_cost\":0.00000018}");
    assertThat(log.sentReplies())
        .filteredOn(reply -> reply.body().contains("estimated_cost"))
        .hasSize(1);
  }

  @Test
  void anErrorInMidAnswerSaysWhatItCosts() throws MalformedJsonException {
    eachToken = new BigDecimal("2.5");
    lane.start(1);
    lane.append(piece("Hel", 7, 8));
    lane.fail(ErrorCode.SERVER_ERROR, "the model failed on a step", null);
    settleAll();

    assertThat(codec.read(last().body(), ErrorBody.class).usage())
        .isEqualTo(Usage.of(5, 1, 2).costing(new BigDecimal("15.0")));
  }

  @Test
  void withoutAPriceThereIsNoEstimatedCost() {
    lane.start(1);
    lane.append(last("lo", FinishReason.STOP, 8));
    settleAll();

    assertThat(last().body()).contains("total_tokens").doesNotContain("estimated_cost");
  }

  @Test
  void choicesShareOneRunOfNumbersAndEndTogether() throws MalformedJsonException {
    ReplyLane two = lane(true, 2);
    two.start(3);
    two.start(5);
    two.append(new ReplyPiece(1, "b", null, List.of(8), null));
    two.append(new ReplyPiece(0, "a", null, List.of(7, 2), FinishReason.STOP));
    settleAll();
    assertThat(events()).doesNotContain(ReplyEvent.END);

    two.append(new ReplyPiece(1, "B", null, List.of(9), FinishReason.LENGTH));
    settleAll();

    assertThat(events())
        .containsExactly(
            ReplyEvent.START, ReplyEvent.DELTA, ReplyEvent.DELTA, ReplyEvent.DELTA, ReplyEvent.END);
    assertThat(log.sentReplies())
        .extracting(ReplyRecord::sequence)
        .containsExactly(null, 0L, 1L, 2L, 3L);
    assertThat(log.sentReplies().subList(1, 4))
        .extracting(ReplyRecord::choice)
        .containsExactly(1, 0, 1);
    assertThat(codec.read(last().body(), ChatChunk.class).usage()).isEqualTo(Usage.of(5, 3, 4));
    assertThat(outcomes).containsExactly("delivered length 4");
  }

  @Test
  void withoutStreamingTheLastRecordHoldsAllChoicesInTheirOrder() throws MalformedJsonException {
    ReplyLane two = lane(false, 2);
    two.start(0);
    two.append(new ReplyPiece(1, "b", null, List.of(8), FinishReason.STOP));
    two.append(new ReplyPiece(0, "a", null, List.of(7), FinishReason.LENGTH));
    settleAll();

    ChatCompletion completion = codec.read(last().body(), ChatCompletion.class);
    assertThat(completion.promptTokenIds()).containsExactly(1, 2, 3, 4, 5);
    assertThat(completion.choices())
        .containsExactly(
            new ChatCompletion.Choice(
                0, ChatCompletion.Message.of("a"), null, FinishReason.LENGTH, List.of(7)),
            new ChatCompletion.Choice(
                1, ChatCompletion.Message.of("b"), null, FinishReason.STOP, List.of(8)));
  }

  @Test
  void theFailureOfOneChoiceEndsTheAnswer() {
    ReplyLane two = lane(true, 2);
    two.start(0);
    two.append(new ReplyPiece(0, "a", null, List.of(7), FinishReason.STOP));
    two.fail(ErrorCode.SERVER_ERROR, "the model failed on a step", null);
    two.append(new ReplyPiece(1, "b", null, List.of(8), FinishReason.STOP));
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.DELTA, ReplyEvent.ERROR);
    assertThat(outcomes).containsExactly("delivered server_error 1");
  }

  @Test
  void aRefusedRequestGetsOneErrorRecordAfterItsStart() throws MalformedJsonException {
    refusal().fail(ErrorCode.INVALID_VALUE, "expected better", "temperature");
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.ERROR);
    ErrorBody body = codec.read(last().body(), ErrorBody.class);
    assertThat(body.error().param()).isEqualTo("temperature");
    assertThat(body.error().message()).isEqualTo("expected better");
    assertThat(outcomes).containsExactly("delivered invalid_value 0");
  }

  @Test
  void aFailureInMidAnswerReportsWhatWasUsed() throws MalformedJsonException {
    lane.start(1);
    lane.append(piece("Hel", 7, 8));
    lane.fail(ErrorCode.SERVER_ERROR, "the model failed on a step", null);
    settleAll();

    assertThat(codec.read(last().body(), ErrorBody.class).usage()).isEqualTo(Usage.of(5, 1, 2));
  }

  @Test
  void nothingIsWrittenBehindARecordThatFailed() {
    lane.start(1);
    settle();
    log.acknowledge();
    lane.append(piece("Hello", 7));
    settle();

    log.fail("disk full");
    lane.append(piece(" world", 8));
    lane.append(last("", FinishReason.STOP));
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.DELTA, ReplyEvent.START);
    assertThat(last().attempt()).isEqualTo(2);
    assertThat(outcomes).containsExactly("overtaken at 0");
  }

  @Test
  void anAnswerWhoseRecordsKeepFailingIsGivenUp() {
    log.failing = true;
    lane.start(1);
    settle();

    assertThat(log.delays()).hasSize(7);
    assertThat(outcomes)
        .containsExactly("reply_topic_unavailable: expected to write to partition 3 of reply topic"
            + " 'chat.replies.a', found: the topic vanished");
  }

  @Test
  void aWholeAnswerThatIsTooLargeEndsAsAStreamDoes() throws MalformedJsonException {
    log.tooLarge = record -> record.value().length > 1500;
    ReplyLane whole = lane(false);
    whole.start(1);
    whole.append(piece("x".repeat(1000), 7));
    whole.append(last("y".repeat(1000), FinishReason.LENGTH, 8));
    settleAll();

    assertThat(events())
        .containsExactly(ReplyEvent.START, ReplyEvent.DELTA, ReplyEvent.DELTA, ReplyEvent.END);
    assertThat(last().sequence()).isEqualTo(2);
    ChatChunk end = codec.read(last().body(), ChatChunk.class);
    assertThat(end.object()).isEqualTo(ChatChunk.OBJECT);
    assertThat(end.choices()).isEmpty();
    assertThat(end.usage()).isEqualTo(Usage.of(5, 1, 2));
    assertThat(outcomes).containsExactly("delivered length 2");
  }

  @Test
  void anEndThatIsTooLargeInAnyFormBecomesAnError() throws MalformedJsonException {
    lane.start(1);
    lane.append(last("lo", FinishReason.STOP, 8));
    log.tooLarge = record -> new String(header(record, Headers.EVENT), UTF_8).equals("end");
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.DELTA, ReplyEvent.ERROR);
    assertThat(last().sequence()).isEqualTo(1);
    assertThat(codec.read(last().body(), ErrorBody.class).usage()).isEqualTo(Usage.of(5, 1, 1));
    assertThat(outcomes).containsExactly("delivered answer_too_large 1");
  }

  @Test
  void aDeltaThatIsTooLargeEndsTheAnswerWithAnErrorInItsPlace() throws MalformedJsonException {
    log.tooLarge = record -> record.value().length > 1000;
    lane.start(1);
    lane.append(piece("Hel", 7));
    lane.append(piece("x".repeat(1000), 8, 9));
    lane.append(last("lo", FinishReason.STOP, 10));
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.DELTA, ReplyEvent.ERROR);
    assertThat(last().sequence()).isEqualTo(1);
    ErrorBody body = codec.read(last().body(), ErrorBody.class);
    assertThat(body.error().code()).isEqualTo("answer_too_large");
    assertThat(body.error().message())
        .contains("max.request.size", "max.message.bytes", "is too many bytes", "top_logprobs");
    assertThat(body.usage()).isEqualTo(Usage.of(5, 1, 1));
    assertThat(outcomes).containsExactly("delivered answer_too_large 1");
  }

  @Test
  void whatTheBrokerFindsTooLargeTakesWhatIsBehindItBack() throws MalformedJsonException {
    lane.start(1);
    settleAll();
    lane.append(piece("Hel", 7));
    lane.append(piece("lo", 8, 9));
    lane.append(last("!", FinishReason.STOP, 10));
    settle();
    log.acknowledge();
    log.fail(new RecordTooLargeException("too large."));
    settle();
    assertThat(events()).as("one is on its way still").doesNotContain(ReplyEvent.ERROR);

    settleAll();

    assertThat(last().event()).isEqualTo(ReplyEvent.ERROR);
    assertThat(last().sequence()).isEqualTo(1);
    assertThat(codec.read(last().body(), ErrorBody.class).usage()).isEqualTo(Usage.of(5, 1, 1));
    assertThat(outcomes).containsExactly("delivered answer_too_large 1");
  }

  @Test
  void aStartThatIsTooLargeBecomesAShortOneAndAnError() throws MalformedJsonException {
    log.tooLarge = record -> new String(record.value(), UTF_8).contains("prompt_token_ids");
    ReplyLane whole = lane(false);
    whole.start(1);
    whole.append(piece("Hel", 7));
    settleAll();
    whole.append(last("lo", FinishReason.STOP, 8));
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.ERROR);
    ErrorBody body = codec.read(last().body(), ErrorBody.class);
    assertThat(body.error().code()).isEqualTo("answer_too_large");
    assertThat(body.usage()).isEqualTo(Usage.of(5, 1, 0));
    assertThat(outcomes).containsExactly("delivered answer_too_large 0");
  }

  @Test
  void anErrorWhoseMessageIsTooLargeKeepsItsCode() throws MalformedJsonException {
    log.tooLarge = record -> record.value().length > 1000;
    refusal().fail(ErrorCode.INVALID_VALUE, "x".repeat(1000), "temperature");
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.ERROR);
    assertThat(codec.read(last().body(), ErrorBody.class).error().code())
        .isEqualTo("invalid_value");
    assertThat(outcomes).containsExactly("delivered invalid_value 0");
  }

  @Test
  void whereEveryRecordIsTooLargeTheRequestIsUndeliverableOnce() {
    log.tooLarge = record -> true;
    lane.start(1);
    lane.append(last("lo", FinishReason.STOP, 8));
    settleAll();

    assertThat(log.records()).isEmpty();
    assertThat(outcomes).singleElement().asString().startsWith("reply_topic_unavailable: ");
  }

  @Test
  void aTopicThatCannotBeWrittenToGetsNothing() {
    log.writable = CompletableFuture.failedFuture(new IllegalStateException("no such topic"));

    lane.start(1);
    lane.append(piece("Hello", 7));
    settle();

    assertThat(log.sentReplies()).isEmpty();
    assertThat(outcomes).singleElement().asString().endsWith("found: no such topic");
  }

  @Test
  void theReaderIsToldOfAFaultOfOursIfItCanBe() {
    lane.start(1);
    settle();
    log.acknowledge();
    log.brokenOnce = true;
    lane.append(piece("Hello", 7));
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.ERROR);
    assertThat(last().sequence()).isZero();
    assertThat(outcomes).containsExactly("delivered server_error 0");
  }

  @Test
  void whatFailsAtOnceIsNotTriedWithTheNextPiece() {
    lane.start(1);
    settle();
    log.failing = true;
    lane.append(piece("Hello", 7));
    lane.append(piece(" world", 8));
    lane.append(piece("!", 9));
    log.acknowledge();
    settle();

    assertThat(events().stream().filter(event -> event == ReplyEvent.DELTA)).hasSize(1);
    assertThat(outcomes).hasSize(1);
  }

  @Test
  void aReleasedAnswerIsLeftAsItIsWhenWhatWasWrittenIsAcknowledged() {
    lane.start(1);
    settle();
    log.acknowledge();
    lane.append(piece("Hel", 7));
    settle();
    lane.release();
    lane.append(piece("lo", 8));
    settle();
    assertThat(outcomes).isEmpty();

    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.DELTA);
    assertThat(outcomes).containsExactly("released");
  }

  @Test
  void aReleasedStartWithNothingBehindItIsTakenBack() {
    lane.start(1);
    settle();
    lane.append(piece("Hel", 7));
    lane.release();
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.RELEASE);
    assertThat(outcomes).containsExactly("released");
    assertThat(log.checkpoint("r1").fruitlessWriters()).isZero();
  }

  @Test
  void aStartThatIsLeftWithNothingBehindItCountsAsACrash() {
    lane.start(1);
    settle();
    log.acknowledge();
    lane.leave();
    lane.append(piece("Hel", 7));
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START);
    assertThat(outcomes).containsExactly("released");
    assertThat(log.checkpoint("r1").fruitlessWriters()).isEqualTo(1);
  }

  @Test
  void anAnswerThatIsLeftAfterAPieceDoesNotCountAsACrash() {
    lane.start(1);
    settle();
    log.acknowledge();
    lane.append(piece("Hel", 7));
    settle();
    lane.leave();
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.DELTA);
    assertThat(outcomes).containsExactly("released");
    assertThat(log.checkpoint("r1").fruitlessWriters()).isZero();
  }

  @Test
  void aReleasedAnswerThatWasNotBegunIsUntouched() {
    lane.release();
    lane.start(1);
    settleAll();

    assertThat(log.records()).isEmpty();
    assertThat(outcomes).containsExactly("released");
  }

  @Test
  void aReleasedAnswerThatIsCompleteIsEnded() {
    lane.start(1);
    lane.append(last("Hello", FinishReason.STOP, 7));
    lane.release();
    settleAll();

    assertThat(events()).containsExactly(ReplyEvent.START, ReplyEvent.DELTA, ReplyEvent.END);
    assertThat(outcomes).containsExactly("delivered stop 1");
  }

  @Test
  void aFaultOfOursEndsTheAnswerAndIsReported() {
    lane.start(1);
    settle();
    log.acknowledge();
    settle();
    log.broken = true;
    lane.append(piece("Hello", 7));
    settle();

    assertThat(outcomes)
        .containsExactly("server_error: the worker failed in the middle of the answer");
  }

  @Test
  void anAbandonedLaneWritesAndReportsNothingMore() {
    lane.start(1);
    settle();
    lane.abandon();
    log.acknowledge();
    lane.append(piece("Hello", 7));
    lane.append(last("", FinishReason.STOP));
    settle();

    assertThat(events()).containsExactly(ReplyEvent.START);
    assertThat(outcomes).isEmpty();
  }

  @Test
  void everyRecordEchoesTheRequestAndNamesItsWriter() {
    lane.start(1);
    lane.append(piece("Hello", 7));
    lane.append(last("", FinishReason.STOP));
    settleAll();

    assertThat(log.records()).allSatisfy(reply -> {
      assertThat(reply.topic()).isEqualTo("chat.replies.a");
      assertThat(reply.partition()).isEqualTo(3);
      assertThat(reply.key()).isEqualTo("r1");
      assertThat(header(reply, Headers.CORRELATION_ID)).isEqualTo(new byte[] {0, -1, 7});
      assertThat(header(reply, Headers.WRITER)).isEqualTo("w1".getBytes(UTF_8));
    });
    assertThat(header(log.records().get(0), Headers.SEED)).isEqualTo("42".getBytes(UTF_8));
    assertThat(header(log.records().get(0), Headers.WARNINGS)).isEqualTo("topk".getBytes(UTF_8));
  }

  private ReplyLane lane(boolean stream) {
    return lane(stream, 1);
  }

  private static GenerationSpec spec(boolean stream, int choices) {
    return new GenerationSpec(
        new int[] {1, 2, 3, 4, 5},
        choices,
        9,
        SamplingParameters.builder().seed(42).build(),
        StopRule.OF_MODEL,
        stream ? AnswerForm.STREAM : new AnswerForm(false, false, true, true, false, ""),
        new CacheFields(true, null),
        0,
        List.of("topk"));
  }

  private ReplyLane lane(boolean stream, int choices) {
    AnswerRecords records = AnswerRecords.of(
        HEAD, spec(stream, choices), this::cost, codec, new ReplyCheckpoint("r1", codec));
    return new ReplyLane(HEAD, records, log.access(), tasks::add, outcome(), Opening.FRESH);
  }

  private @Nullable BigDecimal cost(int promptTokens, int cachedTokens, int completionTokens) {
    int computed = promptTokens - cachedTokens + completionTokens;
    return eachToken == null ? null : eachToken.multiply(BigDecimal.valueOf(computed));
  }

  private ReplyLane refusal() {
    AnswerRecords records = AnswerRecords.ofRefusal(HEAD, codec, 0);
    return new ReplyLane(HEAD, records, log.access(), tasks::add, outcome(), Opening.FRESH);
  }

  private ReplyOutcome outcome() {
    return new ReplyOutcome() {
      @Override
      public void delivered(AnswerTotals totals) {
        outcomes.add("delivered " + totals.outcome() + " " + totals.completionTokens());
      }

      @Override
      public void undeliverable(ErrorCode code, String message, AnswerTotals totals) {
        outcomes.add(code.code() + ": " + message);
      }

      @Override
      public void takenUp() {}

      @Override
      public void movedOn() {}

      @Override
      public void suspected(String message) {
        outcomes.add("suspected: " + message);
      }

      @Override
      public void overtaken(ReplyCheckpoint checkpoint) {
        outcomes.add("overtaken at " + checkpoint.fold().nextSequence());
      }

      @Override
      public void released() {
        outcomes.add("released");
      }

      @Override
      public void lost() {
        outcomes.add("lost");
      }
    };
  }

  private static ReplyPiece piece(String text, Integer... tokenIds) {
    return new ReplyPiece(0, text, null, List.of(tokenIds), null);
  }

  private static ReplyPiece last(String text, FinishReason finishReason, Integer... tokenIds) {
    return new ReplyPiece(0, text, null, List.of(tokenIds), finishReason);
  }

  private void settle() {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      task.run();
    }
  }

  private void settleAll() {
    settle();
    while (log.acknowledge()) {
      settle();
    }
  }

  private List<ReplyEvent> events() {
    return log.sentReplies().stream().map(ReplyRecord::event).toList();
  }

  private ReplyRecord last() {
    List<ReplyRecord> replies = log.sentReplies();
    return replies.get(replies.size() - 1);
  }

  private static byte[] header(ProducerRecord<String, byte[]> reply, String name) {
    return reply.headers().lastHeader(name).value();
  }
}
