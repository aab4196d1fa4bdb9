package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.CompletionAssembler;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.worker.prompt.GenerationSpec;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of one answer, in the order in which they are written, and counts what they use.
 * The numbers of deltas and terminal go on over all choices.
 *
 * <p>Confined to the reply thread once its lane is made.
 */
public final class AnswerRecords {
  /** Where an answer stands between two of its pieces. */
  record Place(long sequence, int completionTokens) {}

  private final ReplyHead.Start start;
  private final int choices;
  private final ReplyChunks chunks;
  private final ReplyEncoder encoder;
  private final AnswerTally tally;
  private final @Nullable CompletionAssembler whole;
  private long nextSequence;

  private AnswerRecords(
      ReplyHead.Start start,
      ReplyChunks chunks,
      ReplyEncoder encoder,
      AnswerTally tally,
      boolean stream) {
    this.start = start;
    this.choices = chunks.choices();
    this.chunks = chunks;
    this.encoder = encoder;
    this.tally = tally;
    this.whole = stream ? null : new CompletionAssembler();
  }

  /**
   * Makes those of an answer to {@code spec}.
   *
   * @param costs is asked when the answer ends
   */
  public static AnswerRecords of(
      ReplyHead head, GenerationSpec spec, CostEstimate costs, JsonCodec codec) {
    List<Integer> promptIds =
        spec.form().returnTokenIds() ? Arrays.stream(spec.promptIds()).boxed().toList() : null;
    return new AnswerRecords(
        new ReplyHead.Start(spec.sampling().seed(), spec.warnings()),
        new ReplyChunks(head, spec.choices(), promptIds),
        new ReplyEncoder(codec, head),
        new AnswerTally(spec.promptIds().length, costs),
        spec.form().stream());
  }

  /** Makes those of an answer that is nothing but an error. */
  public static AnswerRecords ofRefusal(ReplyHead head, JsonCodec codec) {
    return new AnswerRecords(
        ReplyHead.Start.OF_REFUSAL,
        new ReplyChunks(head, 1, null),
        new ReplyEncoder(codec, head),
        new AnswerTally(0, CostEstimate.UNKNOWN),
        true);
  }

  /** How many choices are to be finished. */
  int choices() {
    return choices;
  }

  /** What was used. */
  AnswerTally tally() {
    return tally;
  }

  /** The record that takes the request up. */
  ProducerRecord<String, byte[]> start() {
    return encoder.start(collected(chunks.first()), start);
  }

  /** The same in as few bytes as will do, for an answer that is nothing but an error. */
  ProducerRecord<String, byte[]> shortStart() {
    return encoder.start(chunks.firstWithoutPrompt(), start);
  }

  /** The next piece, whose place is not taken before it is {@link #written}. */
  ProducerRecord<String, byte[]> delta(ReplyPiece piece) {
    return encoder.delta(nextSequence, chunks.of(piece), piece);
  }

  /** Notes that the next piece is on its way. */
  void written(ReplyPiece piece) {
    nextSequence++;
    tally.count(piece);
    collected(chunks.of(piece));
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
    ChatChunk last = collected(chunks.last(tally.usage()));
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
        ReplyEvent.ERROR, nextSequence, ErrorBody.of(code, message, field, tally.usageIfAny()));
  }

  private ChatChunk collected(ChatChunk chunk) {
    if (whole != null) {
      whole.append(chunk);
    }
    return chunk;
  }
}
