package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.sampling.LogProbabilities;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/** An answer whose tokens a test gives, in place of the engine. */
final class AnswerRun {
  private static final ReplyHead HEAD = new ReplyHead(
      new ReplyLog(new ReplyAddress("chat.replies.a", 0), "r1", OptionalLong.of(0), 1),
      null,
      null,
      null,
      "demo",
      "w1",
      4);

  private final JsonCodec codec = new JsonCodec();
  private final FakeReplyLog log = FakeReplyLog.prompt();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final List<ReplyAssembler> choices;
  private final List<Optional<GenerationEnd>> ends;
  private final boolean withLogprobs;

  /** Begins an answer. */
  AnswerRun(GenerationSpec spec, Set<Integer> endIds, Tokenizer tokenizer) {
    this(spec, endIds, tokenizer, List.of());
  }

  /** Goes on with an answer from the records that are there. */
  AnswerRun(
      GenerationSpec spec, Set<Integer> endIds, Tokenizer tokenizer, List<ReplyRecord> written) {
    written.forEach(log::append);
    ReplyCheckpoint checkpoint = log.checkpoint("r1");
    Opening opening = written.isEmpty() ? Opening.FRESH : Opening.CLAIM;
    AnswerRecords records = AnswerRecords.of(HEAD, spec, CostEstimate.UNKNOWN, codec, checkpoint);
    ReplyLane lane = new ReplyLane(HEAD, records, log.access(), tasks::add, new Outcome(), opening);
    choices = IntStream.range(0, spec.choices())
        .mapToObj(choice -> new ReplyAssembler(lane, choice, spec, endIds, tokenizer))
        .toList();
    withLogprobs = spec.sampling().logProbabilities();
    ends = IntStream.range(0, spec.choices())
        .mapToObj(choice -> Optional.ofNullable(
            checkpoint.choice(choice).finishReason() == null
                ? choices.get(choice).resume(checkpoint.choice(choice))
                : null))
        .toList();
    lane.start(0);
    settle();
  }

  /** Why a choice is over, by what was written of it. */
  Optional<GenerationEnd> end(int choice) {
    return ends.get(choice);
  }

  /** All that the log holds. */
  List<ReplyRecord> records() {
    return log.replies();
  }

  /** What a reader has of the answer. */
  ReplyCheckpoint checkpoint() {
    return log.checkpoint("r1");
  }

  /** Gives a choice its next token; false when its text ends with it. */
  boolean generated(int choice, int tokenId) {
    LogProbabilities probabilities =
        new LogProbabilities(-1, List.of(new LogProbabilities.Entry(tokenId, -0.5)));
    boolean goesOn = choices
        .get(choice)
        .generated(new SampledToken(tokenId, withLogprobs ? probabilities : null));
    settle();
    return goesOn;
  }

  /** Ends a choice. */
  void finished(int choice, GenerationEnd end) {
    choices.get(choice).finished(end);
    settle();
  }

  private void settle() {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      task.run();
    }
  }

  /** The records that were written for a choice, but the start and the end. */
  List<ReplyRecord> deltas(int choice) {
    return log.replies().stream()
        .filter(reply -> reply.event() == ReplyEvent.DELTA && reply.choice() == choice)
        .toList();
  }

  /** The ids that the deltas of a choice carry. */
  List<Integer> tokenIds(int choice) {
    return deltas(choice).stream().flatMap(reply -> reply.tokenIds().stream()).toList();
  }

  /** What the deltas of a choice say. */
  List<ChatChunk.Choice> chunks(int choice) throws MalformedJsonException {
    List<ChatChunk.Choice> chunks = new ArrayList<>();
    for (ReplyRecord delta : deltas(choice)) {
      chunks.add(codec.read(delta.body(), ChatChunk.class).choices().get(0));
    }
    return chunks;
  }

  /** The text of all deltas of a choice. */
  String text(int choice) throws MalformedJsonException {
    StringBuilder text = new StringBuilder();
    for (ChatChunk.Choice chunk : chunks(choice)) {
      String content = chunk.delta().content();
      text.append(content == null ? "" : content);
    }
    return text.toString();
  }

  /** The whole answer, of one that is not read while it is written. */
  ChatCompletion whole() throws MalformedJsonException {
    return codec.read(log.replies().get(log.replies().size() - 1).body(), ChatCompletion.class);
  }

  private static final class Outcome implements ReplyOutcome {
    @Override
    public void delivered(AnswerTotals totals) {}

    @Override
    public void undeliverable(ErrorCode code, String message, AnswerTotals totals) {
      throw new AssertionError(message);
    }

    @Override
    public void takenUp() {}

    @Override
    public void movedOn() {}

    @Override
    public void suspected(String message) {
      throw new AssertionError(message);
    }

    @Override
    public void overtaken(ReplyCheckpoint checkpoint) {
      throw new AssertionError("overtaken");
    }

    @Override
    public void released() {}

    @Override
    public void lost() {
      throw new AssertionError("lost");
    }
  }
}
