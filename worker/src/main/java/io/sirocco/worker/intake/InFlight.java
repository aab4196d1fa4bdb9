package io.sirocco.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.WaitEstimate;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.worker.closing.Closing;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.engine.api.WaitingLine;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.reply.AnswerTotals;
import io.sirocco.worker.reply.Opening;
import io.sirocco.worker.reply.ReplyHead;
import io.sirocco.worker.reply.ReplyLane;
import io.sirocco.worker.reply.ReplyOutcome;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request record on its way, from its dispatch until it is closed: when its answer is acknowledged, or
 * a dead letter takes the answer's place.
 *
 * <p>Confined to the intake thread, but for the outcome, which is heard on the reply thread.
 */
final class InFlight implements ReplyOutcome {
  /** Of one partition: first those that were claimed, as their start is in the log; then as they came. */
  static final Comparator<InFlight> BY_TURN = Comparator.comparing(
          (InFlight record) -> !record.claimed)
      .thenComparingLong(record -> record.request.offset());

  private static final Logger log = LoggerFactory.getLogger(InFlight.class);

  /** Why a record is to be kept among the dead letters. */
  record Reason(ErrorCode code, String message) {}

  /** Why it ends before its answer is complete. */
  private record EarlyEnd(ErrorCode code, String message) {}

  /** What is asked for, once it is known, and where the answer goes. */
  record Asked(ReplyHead head, GenerationSpec spec) {}

  /** How far its start is, without which nothing of it is computed. */
  private enum Start {
    /** It is written while the first step is computed. */
    NOT_NEEDED,
    /** Somebody may have died of it, and whoever dies of it next is to be counted. */
    NEEDED,
    ON_ITS_WAY,
    WRITTEN
  }

  private final AssignedPartition partition;
  private final ConsumerRecord<String, byte[]> request;
  private final EngineInbox inbox;
  private final RequestCloser closer;
  private final Executor intakeThread;
  private final BiConsumer<InFlight, ReplyCheckpoint> resume;
  private final Consumer<InFlight> done;
  private final String requestId;
  private volatile String user = UserSource.ANONYMOUS;
  private volatile List<GenerationRequest> choices = List.of();
  private volatile @Nullable ReplyLane lane;
  private @Nullable Asked asked;
  private Start start = Start.NOT_NEEDED;
  private boolean claimed;
  private Patience patience = Patience.ENDLESS;
  private @Nullable EarlyEnd earlyEnd;
  private boolean offered;
  private boolean letGo;
  private int fruitlessWriters;
  private volatile boolean movedOn;
  private volatile @Nullable Reason deadLetter;
  private volatile @Nullable Closing closing;
  private volatile CompletionStage<Void> writtenDown = CompletableFuture.completedStage(null);
  private volatile boolean unanswered;

  /**
   * @param intakeThread runs its tasks later, on the intake thread
   * @param resume goes on from what the log holds, on the intake thread
   * @param done is told, on any thread, when the offset may be committed
   */
  InFlight(
      AssignedPartition partition,
      ConsumerRecord<String, byte[]> request,
      EngineInbox inbox,
      RequestCloser closer,
      Executor intakeThread,
      BiConsumer<InFlight, ReplyCheckpoint> resume,
      Consumer<InFlight> done) {
    this.partition = partition;
    this.request = request;
    this.inbox = inbox;
    this.closer = closer;
    this.intakeThread = intakeThread;
    this.resume = resume;
    this.done = done;
    this.requestId = RequestEnvelope.requestId(request);
  }

  AssignedPartition partition() {
    return partition;
  }

  ConsumerRecord<String, byte[]> request() {
    return request;
  }

  /** Whether somebody may have written to its reply log: an owner of the partition before this one. */
  boolean mayBeBegun() {
    return request.offset() < partition.endAtAssignment();
  }

  /** Runs {@code task} on the intake thread, later, unless the request was let go of by then. */
  void later(Runnable task) {
    intakeThread.execute(() -> {
      if (letGo) {
        return;
      }
      try {
        task.run();
      } catch (RuntimeException | StackOverflowError | LinkageError e) {
        // A record that ends the worker would end the next one, too.
        log.error("request failed request={}", requestId, e);
        bury(new Reason(ErrorCode.SERVER_ERROR, e.toString()));
      }
    });
  }

  /** Asks for that. */
  void asks(ReplyHead head, GenerationSpec spec) {
    asked = new Asked(head, spec);
  }

  /** What it asks for; not before that is known. */
  Asked asked() {
    return Objects.requireNonNull(asked);
  }

  /** How long its prompt is; 0 before that is known. */
  int promptTokens() {
    return asked == null ? 0 : asked.spec().promptIds().length;
  }

  /** How long it waits, and whether it wants to hear of its place meanwhile. */
  void waitWith(Patience asked) {
    patience = asked;
  }

  /** As it was asked for; endless before that is known. */
  Patience patience() {
    return patience;
  }

  /** Answers in {@code lane}. */
  void answerIn(ReplyLane answer) {
    lane = answer;
  }

  /** Is to be done by the engine, choice by choice, as soon as that has room. */
  void generate(List<GenerationRequest> work, Opening opening) {
    EarlyEnd end = earlyEnd;
    partition.pending().remove(this);
    choices = end == null ? List.copyOf(work) : List.of();
    offered = false;
    start = opening == Opening.CLAIM ? Start.NEEDED : Start.NOT_NEEDED;
    claimed = opening == Opening.CLAIMED;
    if (end != null) {
      failInLane(end);
    } else if (!choices.isEmpty()) {
      partition.pending().add(this);
    }
  }

  /**
   * Ends the answer with an error, wherever it stands: what is written of it counts, and nothing more is
   * generated, not by a lane that comes later either. An answer that is complete stays as it is.
   */
  void endEarly(ErrorCode code, String message) {
    if (earlyEnd == null && !letGo && closing == null) {
      EarlyEnd end = new EarlyEnd(code, message);
      earlyEnd = end;
      partition.pending().remove(this);
      cancel();
      failInLane(end);
    }
  }

  private void failInLane(EarlyEnd end) {
    ReplyLane answer = lane;
    if (answer != null) {
      answer.fail(end.code(), end.message(), null);
    }
  }

  /** Whether it is to be taken up by the engine, and was not yet. */
  boolean isWaiting() {
    ReplyLane answer = lane;
    return earlyEnd == null && !letGo && closing == null && (answer == null || answer.isWaiting());
  }

  /** Tells whoever waits how long that may be. */
  void tell(WaitEstimate estimate) {
    ReplyLane answer = lane;
    if (answer != null) {
      answer.tell(estimate);
    }
  }

  /** Whether it may be computed, as far as it is counted already should the worker die of it. */
  boolean isReady() {
    return start == Start.NOT_NEEDED || start == Start.WRITTEN;
  }

  /** Whether it would count as if it were the cause, should the worker die now of another. */
  boolean isTakenUpAhead() {
    return (start == Start.ON_ITS_WAY || start == Start.WRITTEN) && !movedOn && !choices.isEmpty();
  }

  /** Has its start written, if that was not done. */
  void takeUp() {
    ReplyLane answer = lane;
    if (start == Start.NEEDED && answer != null) {
      start = Start.ON_ITS_WAY;
      answer.takeUp();
    }
  }

  /** Hands all its work to the engine; false when there is no room for it and nothing was done. */
  boolean offer() {
    offered = inbox.offer(choices);
    return offered;
  }

  /** Where it waits in the engine. */
  WaitingLine line() {
    return choices.get(0).line();
  }

  /** Is to be kept among the dead letters as well, once it is answered. */
  void keep(Reason reason) {
    deadLetter = reason;
  }

  /** Was taken up by so many, since a piece of its answer was written, who left nothing of it. */
  void takenUpInVain(int writers) {
    fruitlessWriters = writers;
  }

  /** How many workers may have died of it. */
  int fruitlessWriters() {
    return fruitlessWriters;
  }

  /** Whether a piece of its answer was written here. */
  boolean hasMovedOn() {
    return movedOn;
  }

  /** Is not to be closed before {@code written} completes, which says where its answer lives. */
  void closeAfter(CompletionStage<Void> written) {
    writtenDown = written;
  }

  /** Whether nothing was written that ends its answer. */
  boolean isUnanswered() {
    return unanswered;
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
  public void takenUp() {
    later(() -> start = Start.WRITTEN);
  }

  @Override
  public void movedOn() {
    movedOn = true;
  }

  @Override
  public void delivered(AnswerTotals totals) {
    cancel(); // An answer that was cut short is still being generated.
    close(totals, deadLetter);
  }

  @Override
  public void undeliverable(ErrorCode code, String message, AnswerTotals totals) {
    cancel();
    unanswered = true;
    close(totals, new Reason(code, message));
  }

  @Override
  public void suspected(String message) {
    cancel();
    keep(new Reason(ErrorCode.SERVER_ERROR, message));
  }

  @Override
  public void overtaken(ReplyCheckpoint checkpoint) {
    cancel();
    later(() -> resume.accept(this, checkpoint));
  }

  @Override
  public void released() {
    done.accept(this);
  }

  @Override
  public void lost() {
    cancel();
    log.warn("request is another worker's by now id={}", requestId);
    done.accept(this);
  }

  /** Gives the record up unanswered: it is kept among the dead letters. */
  void bury(Reason reason) {
    close(AnswerTotals.ofNothing(reason.code().code()), reason);
  }

  /** Is done, as another record of the same request is, which was answered. */
  void answeredAsCopy() {
    if (!letGo) {
      closing = Closing.OF_COPY;
      done.accept(this);
    }
  }

  /**
   * Whether {@code copy}, which wants the same answer at the same place, is the same request; another
   * that is not, or of another user, is one of its own.
   */
  boolean isAskedAgainBy(InFlight copy) {
    return Arrays.equals(request.value(), copy.request.value())
        && Objects.equals(header(Headers.USER), copy.header(Headers.USER));
  }

  private @Nullable String header(String name) {
    byte[] value = RequestEnvelope.last(request, name);
    return value == null ? null : new String(value, UTF_8);
  }

  /** Whether nothing more is to be done for it here. */
  boolean isLetGo() {
    return letGo;
  }

  private void close(AnswerTotals totals, @Nullable Reason reason) {
    closing = closer.closing(this, totals, reason);
    var unused = writtenDown.thenRun(() -> done.accept(this));
  }

  /** What is to be written in one with the offset; empty as long as the request is not done. */
  Optional<Closing> closing() {
    return Optional.ofNullable(closing);
  }

  /** Is closed. */
  void committed() {
    closer.committed(this);
  }

  /**
   * Lets go of the request, because its partition is about to belong to somebody else: an answer that
   * was begun goes on there.
   *
   * @param engineAtFault whether the engine died or hangs: what it had taken in may be the cause, and
   *     is to count as if the process had died of it
   */
  void release(boolean engineAtFault) {
    letGo = true;
    boolean suspect = cancel() && offered && engineAtFault;
    ReplyLane answer = lane;
    if (answer != null && suspect) {
      answer.leave();
    } else if (answer != null) {
      answer.release();
    } else if (closing == null) {
      done.accept(this);
    }
  }

  /** Lets go of the request, because its partition belongs to somebody else now. */
  void abandon() {
    letGo = true;
    ReplyLane answer = lane;
    if (answer != null) {
      answer.abandon();
    }
    cancel();
    done.accept(this);
  }

  /** Takes all its work back; returns whether the engine may have had some of it. */
  private boolean cancel() {
    boolean taken = false;
    for (GenerationRequest choice : choices) {
      taken |= !inbox.cancel(choice);
    }
    return taken;
  }
}
