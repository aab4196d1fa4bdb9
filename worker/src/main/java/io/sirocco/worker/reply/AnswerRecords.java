package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.CompletionAssembler;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.reply.WaitEstimate;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.worker.prompt.GenerationSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of one answer, in the order in which they are written, and counts what they use.
 * The numbers of deltas and terminal go on over all choices, and over all who write the answer.
 *
 * <p>Confined to the reply thread once its lane is made.
 */
public final class AnswerRecords {
  /** Where an answer stands between two of its pieces. */
  record Place(long sequence, int completionTokens) {}

  private final ReplyHead.Start start;
  private final ReplyChunks chunks;
  private final AnswerTally tally;
  private final @Nullable CompletionAssembler whole;
  private final int unfinishedChoices;
  private ReplyEncoder encoder;
  private long firstSequence;
  private long nextSequence;
  private boolean owesRelease;
  private boolean shortensStart;
  private @Nullable ReplyHandle elsewhere;

  private AnswerRecords(
      ReplyHead.Start start,
      ReplyChunks chunks,
      ReplyEncoder encoder,
      AnswerTally tally,
      boolean stream,
      ReplyCheckpoint checkpoint) {
    this.start = start;
    this.chunks = chunks;
    this.tally = tally;
    this.whole = stream ? null : new CompletionAssembler();
    this.unfinishedChoices = (int) IntStream.range(0, chunks.choices())
        .filter(choice -> checkpoint.choice(choice).finishReason() == null)
        .count();
    ReplyRecord current = checkpoint.fold().currentStart();
    this.encoder = current == null ? encoder : encoder.under(current.attempt());
    collect(chunks.first());
    checkpoint.chunks().forEach(this::collect);
    resume(checkpoint);
  }

  /**
   * Makes those of an answer to {@code spec}.
   *
   * @param costs is asked when the answer ends
   * @param checkpoint what was written of it before; empty: nothing
   */
  public static AnswerRecords of(
      ReplyHead head,
      GenerationSpec spec,
      CostEstimate costs,
      JsonCodec codec,
      ReplyCheckpoint checkpoint) {
    List<Integer> promptIds =
        spec.form().returnTokenIds() ? Arrays.stream(spec.promptIds()).boxed().toList() : null;
    return new AnswerRecords(
        new ReplyHead.Start(spec.sampling().seed(), spec.warnings()),
        new ReplyChunks(head, spec.choices(), promptIds),
        new ReplyEncoder(codec, head, 1),
        new AnswerTally(spec.promptIds().length, costs),
        spec.form().stream(),
        checkpoint);
  }

  /**
   * Makes those of an answer that is nothing but an error, unless others wrote of it.
   *
   * @param promptTokens of the prompt, which counts if something was generated from it; 0: not known
   */
  public static AnswerRecords ofRefusal(ReplyHead head, JsonCodec codec, int promptTokens) {
    return new AnswerRecords(
        ReplyHead.Start.OF_REFUSAL,
        new ReplyChunks(head, 1, null),
        new ReplyEncoder(codec, head, 1),
        new AnswerTally(promptTokens, CostEstimate.UNKNOWN),
        true,
        new ReplyCheckpoint(head.requestId(), codec));
  }

  /** Makes those of an answer that is nothing but an error, which leads to where the answer is. */
  public static AnswerRecords ofRepeat(ReplyHead head, JsonCodec codec, ReplyHandle elsewhere) {
    AnswerRecords records = ofRefusal(head, codec, 0);
    records.elsewhere = elsewhere;
    return records;
  }

  /** How many choices are to be finished. */
  int unfinishedChoices() {
    return unfinishedChoices;
  }

  /** What was used. */
  AnswerTally tally() {
    return tally;
  }

  /** Whether the next record follows what {@code log} holds, which are the records made so far. */
  boolean goOnFrom(ReplyCheckpoint log) {
    return nextSequence == firstSequence && nextSequence == log.fold().nextSequence();
  }

  /** Goes on from what {@code log} holds, whatever was made so far: to be ended with an error. */
  void resume(ReplyCheckpoint log) {
    tally.resume(log);
    nextSequence = log.fold().nextSequence();
    firstSequence = nextSequence;
  }

  /** The record that takes up a request that nobody took up before. */
  ProducerRecord<String, byte[]> start() {
    return start(1, null);
  }

  /**
   * The record that takes the request up; those that follow are written under it.
   *
   * @param seedInLog the seed with which the answer was begun, or null
   */
  ProducerRecord<String, byte[]> start(int attempt, @Nullable Long seedInLog) {
    encoder = encoder.under(attempt);
    started();
    ChatChunk first = shortensStart ? chunks.firstWithoutPrompt() : chunks.first();
    return encoder.start(first, start.handingOn(seedInLog));
  }

  /** Notes that the start is on its way, or in the log. */
  void started() {
    owesRelease = true;
  }

  /** Whether there is a start and no piece behind it, so that it would be taken for a crash. */
  boolean owesRelease() {
    return owesRelease;
  }

  /** The record that gives the request up in good order. */
  ProducerRecord<String, byte[]> release() {
    return encoder.release();
  }

  /** A record for those who wait, which is no part of the answer. */
  ProducerRecord<String, byte[]> progress(WaitEstimate estimate) {
    return encoder.progress(estimate);
  }

  /** From now on starts take as few bytes as will do, for an answer that is nothing but an error. */
  void shortenStart() {
    shortensStart = true;
  }

  /** The next piece, whose place is not taken before it is {@link #written}. */
  ProducerRecord<String, byte[]> delta(ReplyPiece piece) {
    return encoder.delta(nextSequence, chunks.of(piece), piece);
  }

  /** Notes that the next piece is on its way. */
  void written(ReplyPiece piece) {
    owesRelease = false;
    nextSequence++;
    tally.count(piece);
    collect(chunks.of(piece));
  }

  /** Where the answer stands. */
  Place place() {
    return new Place(nextSequence, tally.completionTokens());
  }

  /** Takes back all pieces from {@code place} on, which no reader gets: they are not billed. */
  void backTo(Place place) {
    if (place.sequence() < nextSequence) {
      nextSequence = place.sequence();
      tally.backTo(place.completionTokens());
    }
  }

  /** The last record of a complete answer. */
  ProducerRecord<String, byte[]> end() {
    ChatChunk last = chunks.last(tally.usage());
    collect(last);
    return encoder.sequenced(
        ReplyEvent.END, nextSequence, whole == null ? last : whole.completion());
  }

  /** The same without the answer's text, which stands in its deltas already. */
  ProducerRecord<String, byte[]> shortEnd() {
    return encoder.sequenced(ReplyEvent.END, nextSequence, chunks.last(tally.usage()));
  }

  /** The last record of an answer that failed. */
  ProducerRecord<String, byte[]> error(ErrorCode code, String message, @Nullable String field) {
    return encoder.sequenced(
        ReplyEvent.ERROR,
        nextSequence,
        ErrorBody.of(code, message, field, tally.usageIfAny()).withStream(elsewhere));
  }

  private void collect(ChatChunk chunk) {
    if (whole != null) {
      whole.append(chunk);
    }
  }
}
