package io.sirocco.worker.reply;

import io.sirocco.contracts.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer to its reply log, in order: the start, and when it is acknowledged the deltas of
 * all choices, and when all of them are acknowledged the one terminal record.
 *
 * <p>A record that cannot be written ends the lane: nothing is written after it, as a reader would
 * drop everything behind the gap. One that is too large has a shorter one written in its place, and be
 * it an error.
 *
 * <p>The public methods may be called on any thread and return at once; the work is done on the reply
 * thread, which owns the state. What waits here is bounded by the tokens of one answer.
 */
public final class ReplyLane {
  private static final String FAULT = "the worker failed in the middle of the answer";

  private enum State {
    NEW,
    STARTING,
    OPEN,
    ENDING,
    CLOSED
  }

  private final ReplyAddress address;
  private final AnswerRecords records;
  private final ReplyWriter writer;
  private final LaneThread thread;
  private final ReplyOutcome outcome;

  private State state = State.NEW;
  private final Deque<ReplyPiece> pieces = new ArrayDeque<>();
  private @Nullable Terminal terminal;
  private int unfinishedChoices;
  private int unacknowledged;
  private boolean cutShort;

  /**
   * Makes the lane of one answer; nothing is written yet.
   *
   * @param records makes them
   * @param replyThread runs its tasks one after the other
   */
  public ReplyLane(
      ReplyHead head,
      AnswerRecords records,
      ReplyWriter writer,
      Executor replyThread,
      ReplyOutcome outcome) {
    this.address = head.address();
    this.records = records;
    this.writer = writer;
    this.thread = new LaneThread(replyThread, head.requestId(), this::cutShort);
    this.outcome = outcome;
    this.unfinishedChoices = records.choices();
  }

  /**
   * Writes the start, when the engine has admitted the first choice; nothing for the others.
   *
   * @param cachedTokens how many of the prompt's tokens were in the cache already
   */
  public void start(int cachedTokens) {
    thread.run(() -> {
      if (state == State.NEW) {
        records.tally().cached(cachedTokens);
        open();
      }
    });
  }

  /** Appends a piece of the answer, which ends with the last piece of its last choice. */
  public void append(ReplyPiece piece) {
    thread.run(() -> {
      if (terminal != null) {
        return;
      }
      pieces.add(piece);
      if (piece.finishReason() != null) {
        unfinishedChoices--;
      }
      if (unfinishedChoices == 0) {
        terminal = Terminal.complete(records);
      }
      proceed();
    });
  }

  /**
   * Ends the answer with an error, started or not.
   *
   * @param field the request's field at fault, or null
   */
  public void fail(ErrorCode code, String message, @Nullable String field) {
    thread.run(() -> {
      terminate(code, message, field);
      if (state == State.NEW) {
        open();
      }
    });
  }

  /**
   * Ends the answer with an error because this worker cannot go on with it, if anything of it was
   * written; if not, writes nothing, so that another worker can answer.
   */
  public void interrupt(ErrorCode code, String message) {
    thread.run(() -> {
      if (state == State.NEW && terminal == null) {
        state = State.CLOSED;
        outcome.untouched();
      } else {
        terminate(code, message, null);
      }
    });
  }

  /** Writes nothing more and reports nothing more: the request is somebody else's now. */
  public void abandon() {
    thread.run(() -> state = State.CLOSED);
  }

  private void open() {
    state = State.STARTING;
    then(
        writer.awaitWritable(address),
        () -> then(writer.send(records.start()), this::opened, this::startFailed),
        this::giveUp);
  }

  private void opened() {
    state = State.OPEN;
    proceed();
  }

  private void startFailed(Throwable fault) {
    if (!RecordLimit.isExceeded(fault)) {
      giveUp(fault);
      return;
    }
    pieces.clear();
    terminal = Terminal.tooLarge(records, fault);
    then(writer.send(records.shortStart()), this::opened, this::giveUp);
  }

  private void terminate(ErrorCode code, String message, @Nullable String field) {
    if (terminal == null) {
      terminal = Terminal.error(records, code, message, field);
      proceed();
    }
  }

  /** Writes what may be written now. */
  private void proceed() {
    ReplyPiece piece;
    while (state == State.OPEN && (piece = pieces.poll()) != null) {
      writeDelta(piece);
    }
    if (state == State.OPEN && terminal != null && unacknowledged == 0) {
      writeTerminal(terminal);
    }
  }

  private void writeDelta(ReplyPiece piece) {
    AnswerRecords.Place place = records.place();
    CompletionStage<Long> written = writer.send(records.delta(piece));
    records.written(piece);
    unacknowledged++;
    then(
        written,
        () -> {
          unacknowledged--;
          proceed();
        },
        fault -> deltaFailed(place, fault));
  }

  /** Readers drop what was written behind it; the error comes when all of that is settled. */
  private void deltaFailed(AnswerRecords.Place place, Throwable fault) {
    if (!RecordLimit.isExceeded(fault)) {
      giveUp(fault);
      return;
    }
    unacknowledged--;
    records.backTo(place);
    pieces.clear();
    terminal = Terminal.tooLarge(records, fault);
    proceed();
  }

  private void writeTerminal(Terminal last) {
    CompletionStage<Long> written = writer.send(last.make().get());
    state = State.ENDING;
    then(
        written,
        () -> {
          state = State.CLOSED;
          outcome.delivered(last.totals(records.tally()));
        },
        fault -> terminalFailed(last, fault));
  }

  private void terminalFailed(Terminal last, Throwable fault) {
    Terminal next = last.after(fault);
    if (next == null) {
      giveUp(fault);
      return;
    }
    terminal = next;
    opened();
  }

  private void giveUp(Throwable fault) {
    giveUp(ErrorCode.REPLY_TOPIC_UNAVAILABLE, describe(fault));
  }

  private void giveUp(ErrorCode code, String message) {
    state = State.CLOSED;
    outcome.undeliverable(code, message, records.tally().totals(code.code()));
  }

  /** The reader is told of a fault of ours if it can be: once, as what failed may be the telling. */
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
    terminal = Terminal.error(records, ErrorCode.SERVER_ERROR, FAULT, null);
    thread.guard(this::proceed);
  }

  /** Goes on when {@code done} is, unless the lane was closed in the meantime. */
  private void then(CompletionStage<?> done, Runnable next, Consumer<Throwable> failed) {
    thread.then(
        done,
        () -> {
          if (state != State.CLOSED) {
            next.run();
          }
        },
        fault -> {
          if (state != State.CLOSED) {
            failed.accept(fault);
          }
        });
  }

  private String describe(Throwable fault) {
    return "expected to write to partition %d of reply topic '%s', found: %s"
        .formatted(address.partition(), address.topic(), fault.getMessage());
  }
}
