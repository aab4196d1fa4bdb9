package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.CompletionAssembler;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one answer to its reply log, in order: the start, and when it is acknowledged the deltas, and
 * when all of them are acknowledged the one terminal record.
 *
 * <p>A record that cannot be written ends the lane: nothing is written after it, as a reader would
 * drop everything behind the gap.
 *
 * <p>The public methods may be called on any thread and return at once; the work is done on the reply
 * thread, which owns the state. What waits here is bounded by the tokens of one answer.
 */
public final class ReplyLane {
  private static final Logger log = LoggerFactory.getLogger(ReplyLane.class);
  private static final String FAULT = "the worker failed in the middle of the answer";

  private enum State {
    NEW,
    STARTING,
    OPEN,
    ENDING,
    CLOSED
  }

  /** The last record, while it waits for the deltas before it. */
  private record Terminal(ReplyEvent event, @Nullable ErrorCode code, Supplier<Object> body) {}

  private final ReplyHead head;
  private final ReplyHead.Start start;
  private final int promptTokens;
  private final @Nullable CompletionAssembler whole;
  private final ReplyWriter writer;
  private final Executor replyThread;
  private final ReplyOutcome outcome;
  private final ReplyChunks chunks;
  private final ReplyEncoder encoder;

  private State state = State.NEW;
  private final Deque<ReplyPiece> pieces = new ArrayDeque<>();
  private @Nullable Terminal terminal;
  private long nextSequence;
  private int unacknowledged;
  private int cachedTokens;
  private int completionTokens;
  private String finishReason = "";
  private boolean cutShort;

  /**
   * Makes the lane of one answer; nothing is written yet.
   *
   * @param head what its records have in common
   * @param start what its first record says
   * @param promptTokens for the usage
   * @param stream whether the answer is read while it is written; if not, its last record holds the
   *     whole
   * @param replyThread runs its tasks one after the other
   */
  public ReplyLane(
      ReplyHead head,
      ReplyHead.Start start,
      int promptTokens,
      boolean stream,
      JsonCodec codec,
      ReplyWriter writer,
      Executor replyThread,
      ReplyOutcome outcome) {
    this.head = head;
    this.start = start;
    this.promptTokens = promptTokens;
    this.whole = stream ? null : new CompletionAssembler();
    this.writer = writer;
    this.replyThread = replyThread;
    this.outcome = outcome;
    this.chunks = new ReplyChunks(head);
    this.encoder = new ReplyEncoder(codec, head);
  }

  /**
   * Writes the start, when the engine has admitted the request.
   *
   * @param cached how many of the prompt's tokens were in the cache already
   */
  public void start(int cached) {
    run(() -> {
      cachedTokens = cached;
      doStart();
    });
  }

  /** Appends a piece of the answer. */
  public void append(ReplyPiece piece) {
    run(() -> {
      if (terminal == null) {
        pieces.add(piece);
        proceed();
      }
    });
  }

  /** Ends the answer with its usage. */
  public void end() {
    run(() -> terminate(new Terminal(ReplyEvent.END, null, this::endBody)));
  }

  /**
   * Ends the answer with an error, started or not.
   *
   * @param field the request's field at fault, or null
   */
  public void fail(ErrorCode code, String message, @Nullable String field) {
    run(() -> {
      terminate(error(code, message, field));
      doStart();
    });
  }

  private Terminal error(ErrorCode code, String message, @Nullable String field) {
    return new Terminal(
        ReplyEvent.ERROR,
        code,
        () -> ErrorBody.of(code, message, field, promptTokens == 0 ? null : usage()));
  }

  /**
   * Ends the answer with an error because this worker cannot go on with it, if anything of it was
   * written; if not, writes nothing, so that another worker can answer.
   */
  public void interrupt(ErrorCode code, String message) {
    run(() -> {
      if (state == State.NEW && terminal == null) {
        state = State.CLOSED;
        outcome.untouched();
      } else {
        terminate(error(code, message, null));
      }
    });
  }

  /** Writes nothing more and reports nothing more: the request is somebody else's now. */
  public void abandon() {
    run(() -> state = State.CLOSED);
  }

  private void doStart() {
    if (state == State.NEW) {
      state = State.STARTING;
      then(writer.awaitWritable(head.address()), this::writeStart);
    }
  }

  private void writeStart() {
    then(writer.send(encoder.start(chunks.first(), start)), this::open);
  }

  private void open() {
    state = State.OPEN;
    proceed();
  }

  private void terminate(Terminal last) {
    if (terminal == null) {
      terminal = last;
      proceed();
    }
  }

  /** Writes what may be written now. */
  private void proceed() {
    if (state != State.OPEN) {
      return;
    }
    ReplyPiece piece;
    while (state == State.OPEN && (piece = pieces.poll()) != null) {
      writeDelta(piece);
    }
    if (state == State.OPEN && terminal != null && unacknowledged == 0) {
      writeTerminal(terminal);
    }
  }

  private void writeDelta(ReplyPiece piece) {
    ChatChunk chunk = chunks.of(piece);
    if (whole != null) {
      whole.append(chunk);
    }
    CompletionStage<Long> written =
        writer.send(encoder.delta(nextSequence, chunk, piece.tokenIds()));
    nextSequence++;
    unacknowledged++;
    completionTokens += piece.tokenIds().size();
    if (piece.finishReason() != null) {
      finishReason = piece.finishReason().name().toLowerCase(Locale.ROOT);
    }
    then(written, () -> {
      unacknowledged--;
      proceed();
    });
  }

  private void writeTerminal(Terminal last) {
    CompletionStage<Long> written =
        writer.send(encoder.sequenced(last.event(), nextSequence, last.body().get()));
    state = State.ENDING;
    then(written, () -> {
      state = State.CLOSED;
      ErrorCode code = last.code();
      outcome.delivered(totals(code == null ? finishReason : code.code()));
    });
  }

  private Object endBody() {
    ChatChunk last = chunks.last(usage());
    if (whole == null) {
      return last;
    }
    whole.append(last);
    return whole.completion();
  }

  private Usage usage() {
    return Usage.of(promptTokens, cachedTokens, completionTokens);
  }

  private AnswerTotals totals(String how) {
    return new AnswerTotals(promptTokens, cachedTokens, completionTokens, how);
  }

  private void giveUp(ErrorCode code, String message) {
    state = State.CLOSED;
    outcome.undeliverable(code, message, totals(code.code()));
  }

  /** Runs {@code task} on the reply thread; a fault of ours ends this answer, and no other. */
  private void run(Runnable task) {
    replyThread.execute(() -> guarded(task));
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("answer cut short request={}", head.requestId(), e);
      cutShort();
    }
  }

  /** The reader is told if it can be: once, as what failed may be the telling. */
  private void cutShort() {
    if (state == State.CLOSED) {
      return;
    }
    pieces.clear();
    if (cutShort) {
      giveUp(ErrorCode.SERVER_ERROR, FAULT);
      return;
    }
    cutShort = true;
    terminal = error(ErrorCode.SERVER_ERROR, FAULT, null);
    guarded(this::proceed);
  }

  /**
   * Goes on with {@code next} on the reply thread, unless the lane was closed in the meantime. What
   * failed at once closes the lane at once: the next piece must not wait for the same fault again.
   */
  private void then(CompletionStage<?> done, Runnable next) {
    if (done.toCompletableFuture().isCompletedExceptionally()) {
      done.whenComplete((result, fault) -> goOn(fault, next));
    } else {
      done.whenCompleteAsync((result, fault) -> goOn(fault, next), replyThread);
    }
  }

  private void goOn(@Nullable Throwable fault, Runnable next) {
    if (state == State.CLOSED) {
      return;
    }
    if (fault == null) {
      guarded(next);
    } else {
      giveUp(ErrorCode.REPLY_TOPIC_UNAVAILABLE, describe(fault));
    }
  }

  private String describe(Throwable fault) {
    Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
    return "expected to write to partition %d of reply topic '%s', found: %s"
        .formatted(
            head.address().partition(),
            head.address().topic(),
            cause == null ? fault : cause.getMessage());
  }
}
