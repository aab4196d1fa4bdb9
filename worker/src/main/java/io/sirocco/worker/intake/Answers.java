package io.sirocco.worker.intake;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.engine.api.WaitingLine;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.reply.AnswerRecords;
import io.sirocco.worker.reply.CostEstimate;
import io.sirocco.worker.reply.Delays;
import io.sirocco.worker.reply.Opening;
import io.sirocco.worker.reply.ReplyAssembler;
import io.sirocco.worker.reply.ReplyHead;
import io.sirocco.worker.reply.ReplyLane;
import io.sirocco.worker.reply.ReplyLogAccess;
import io.sirocco.worker.reply.ReplyLogReader;
import io.sirocco.worker.reply.ReplyWriter;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the way of an answer: from the engine, choice by choice, through its lane to its log. An answer
 * that others began goes on from where its log ends.
 *
 * <p>Confined to the intake thread.
 */
public final class Answers {
  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  private final Set<Integer> endIds;
  private final Tokenizer tokenizer;
  private final int vocabularySize;
  private final CostEstimate costs;
  private final ReplyWriter writer;
  private final ReplyLogReader reader;
  private final Delays delays;
  private final Executor replyThread;
  private final RequestTelemetry telemetry;
  private final JsonCodec codec = new JsonCodec();

  /**
   * Makes those of one model.
   *
   * @param endIds the tokens that end an answer
   * @param vocabularySize how many tokens the model knows
   * @param costs what answers cost
   * @param telemetry hears of their generation
   */
  public Answers(
      Set<Integer> endIds,
      Tokenizer tokenizer,
      int vocabularySize,
      CostEstimate costs,
      ReplyWriter writer,
      ReplyLogReader reader,
      Delays delays,
      Executor replyThread,
      RequestTelemetry telemetry) {
    this.endIds = Set.copyOf(endIds);
    this.tokenizer = tokenizer;
    this.vocabularySize = vocabularySize;
    this.costs = costs;
    this.writer = writer;
    this.reader = reader;
    this.delays = delays;
    this.replyThread = replyThread;
    this.telemetry = telemetry;
  }

  /** What is in the log of a request that nobody took up. */
  ReplyCheckpoint nothing(InFlight record) {
    return new ReplyCheckpoint(record.requestId(), codec);
  }

  /** Gives {@code record} its lane, and the engine what is not written yet, if there is any. */
  void begin(InFlight record, ReplyCheckpoint written, Opening opening) {
    InFlight.Asked asked = record.asked();
    Long seed = written.seed();
    GenerationSpec spec = seed == null ? asked.spec() : asked.spec().withSeed(seed);
    AnswerRecords records = AnswerRecords.of(asked.head(), spec, costs, codec, written);
    ReplyLane lane = lane(record, asked.head(), records, opening);
    record.answerIn(lane);
    List<GenerationRequest> work = new ArrayList<>();
    Set<Integer> ends = spec.stop().endIds(endIds);
    try {
      for (int choice = 0; choice < spec.choices(); choice++) {
        ReplyAssembler assembler = new ReplyAssembler(lane, choice, spec, ends, tokenizer);
        int[] ids = resume(assembler, written.choice(choice));
        if (ids != null) {
          work.add(generation(record, spec, choice, ids, ends, assembler));
        }
      }
    } catch (IllegalStateException e) {
      log.error("answer cannot be gone on with request={}", record.requestId(), e);
      lane.fail(ErrorCode.SERVER_ERROR, String.valueOf(e.getMessage()), null);
      work.clear();
    }
    record.generate(work, opening);
    if (work.isEmpty()) {
      lane.start(0); // All that remains is to say so.
    }
  }

  /** Returns the ids of what is written of a choice, or null when nothing of it is to be computed. */
  private int @Nullable [] resume(ReplyAssembler assembler, ReplyCheckpoint.Choice written) {
    if (written.finishReason() != null) {
      return null;
    }
    for (int id : written.tokenIds()) {
      if (id >= vocabularySize) { // Whoever may write to the log may write anything.
        throw new IllegalStateException(
            "expected token ids below %d in the log, found %d".formatted(vocabularySize, id));
      }
    }
    GenerationEnd end = assembler.resume(written);
    if (end != null) {
      assembler.finished(end);
      return null;
    }
    return written.tokenIds().stream().mapToInt(id -> id).toArray();
  }

  private GenerationRequest generation(
      InFlight record,
      GenerationSpec spec,
      int choice,
      int[] resumedIds,
      Set<Integer> ends,
      ReplyAssembler assembler) {
    return new GenerationRequest(
        record.requestId(),
        spec.promptIds(),
        resumedIds,
        spec.maxNewTokens(),
        ends,
        spec.sampling(),
        telemetry.follow(record.request(), resumedIds.length, assembler),
        choice,
        new WaitingLine(
            spec.priority(), record.user(), record.partition().partition().toString()),
        new PrefixReuse(spec.cache().used(), spec.cache().salt()));
  }

  /** Answers {@code record} with an error, behind what is written of its answer. */
  void refuse(InFlight record, ReplyHead head, InvalidRequestException fault) {
    Opening opening = record.mayBeBegun() ? Opening.CLAIM : Opening.FRESH;
    AnswerRecords records = AnswerRecords.ofRefusal(head, codec, record.promptTokens());
    ReplyLane lane = lane(record, head, records, opening);
    record.answerIn(lane);
    lane.fail(fault.code(), String.valueOf(fault.getMessage()), fault.field());
  }

  /** Answers {@code record}, which repeats another, with the place of that one's answer. */
  void lead(InFlight record, ReplyHead head, ReplyHandle elsewhere) {
    Opening opening = record.mayBeBegun() ? Opening.CLAIM : Opening.FRESH;
    ReplyLane lane = lane(record, head, AnswerRecords.ofRepeat(head, codec, elsewhere), opening);
    record.answerIn(lane);
    lane.fail(
        ErrorCode.DUPLICATE_REQUEST,
        "expected an id that was not used before, found that the request was asked under it; its answer is in partition %d of topic '%s'"
            .formatted(elsewhere.replyPartition(), elsewhere.replyTopic()),
        Headers.REQUEST_ID);
  }

  private ReplyLane lane(InFlight record, ReplyHead head, AnswerRecords records, Opening opening) {
    ReplyLogAccess access = new ReplyLogAccess(writer, reader, record.partition()::prove, delays);
    return new ReplyLane(head, records, access, replyThread, record, opening);
  }
}
