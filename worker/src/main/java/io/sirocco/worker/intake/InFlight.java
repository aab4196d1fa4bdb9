package io.sirocco.worker.intake;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.worker.closing.Closing;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.reply.AnswerTotals;
import io.sirocco.worker.reply.ReplyLane;
import io.sirocco.worker.reply.ReplyOutcome;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A request record on its way, from its dispatch until it is closed: when its answer is acknowledged, or
 * a dead letter takes the answer's place.
 *
 * <p>Confined to the intake thread, but for the outcome, which is heard on the reply thread.
 */
final class InFlight implements ReplyOutcome {
  /** Why a record is to be kept among the dead letters. */
  record Reason(ErrorCode code, String message) {}

  private final AssignedPartition partition;
  private final ConsumerRecord<String, byte[]> request;
  private final EngineInbox inbox;
  private final RequestCloser closer;
  private final Consumer<InFlight> done;
  private final String requestId;
  private volatile String user = UserSource.ANONYMOUS;
  private volatile List<GenerationRequest> choices = List.of();
  private volatile @Nullable ReplyLane lane;
  private volatile @Nullable Reason deadLetter;
  private volatile @Nullable Closing closing;

  /**
   * @param done is told, on any thread, when nothing remains but the closing, if there is one
   */
  InFlight(
      AssignedPartition partition,
      ConsumerRecord<String, byte[]> request,
      EngineInbox inbox,
      RequestCloser closer,
      Consumer<InFlight> done) {
    this.partition = partition;
    this.request = request;
    this.inbox = inbox;
    this.closer = closer;
    this.done = done;
    this.requestId = RequestEnvelope.requestId(request);
  }

  AssignedPartition partition() {
    return partition;
  }

  ConsumerRecord<String, byte[]> request() {
    return request;
  }

  /** Answers in {@code lane}. */
  void answerIn(ReplyLane answer) {
    lane = answer;
  }

  /** Is to be done by the engine, choice by choice. */
  void generate(List<GenerationRequest> work) {
    choices = work;
  }

  /** The work for the engine, which belongs together; empty when there is none. */
  List<GenerationRequest> choices() {
    return choices;
  }

  /** Is to be kept among the dead letters as well, once it is answered. */
  void keep(Reason reason) {
    deadLetter = reason;
  }

  /** Is paid by {@code payer}. */
  void payBy(String payer) {
    user = payer;
  }

  /** Who pays. */
  String user() {
    return user;
  }

  /** The request's id. */
  String requestId() {
    return requestId;
  }

  @Override
  public void delivered(AnswerTotals totals) {
    cancel(); // An answer that was cut short is still being generated.
    close(totals, deadLetter);
  }

  @Override
  public void undeliverable(ErrorCode code, String message, AnswerTotals totals) {
    cancel();
    close(totals, new Reason(code, message));
  }

  @Override
  public void untouched() {
    done.accept(this);
  }

  /** Gives the record up unanswered: it is kept among the dead letters. */
  void bury(Reason reason) {
    close(AnswerTotals.ofNothing(reason.code().code()), reason);
  }

  private void close(AnswerTotals totals, @Nullable Reason reason) {
    closing = closer.closing(this, totals, reason);
    done.accept(this);
  }

  /** What is to be written in one with the offset; empty as long as the request is not done. */
  Optional<Closing> closing() {
    return Optional.ofNullable(closing);
  }

  /**
   * Lets go of the request, because its partition is about to belong to somebody else: an answer that
   * was begun ends with an error, one that was not is left to the next owner.
   */
  void interrupt() {
    cancel();
    ReplyLane answer = lane;
    if (answer != null) {
      answer.interrupt(ErrorCode.WORKER_STOPPED, "the worker stopped in the middle of the answer");
    }
  }

  /** Lets go of the request, because its partition belongs to somebody else now. */
  void abandon() {
    ReplyLane answer = lane;
    if (answer != null) {
      answer.abandon();
    }
    cancel();
  }

  private void cancel() {
    choices.forEach(inbox::cancel);
  }
}
