package io.sirocco.worker.reply;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.WaitEstimate;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer to its reply log, in order: the start, and when it is acknowledged the deltas of
 * all choices, and when all of them are acknowledged the one terminal record.
 *
 * <p>Others may have written to the log, or may do so still. If the first start is not acknowledged at
 * the begin of the log, somebody was here, and the request is claimed. What a record is behind that
 * failed, a reader would drop: the request is claimed anew, and what the log holds then is what the
 * answer goes on from. One that is too large has a shorter one written in its place, and be it an
 * error.
 *
 * <p>The public methods may be called on any thread and return at once; the work is done on the reply
 * thread, which owns the state. What waits here is bounded by the tokens of one answer.
 */
public final class ReplyLane {
  private static final String FAULT = "the worker failed in the middle of the answer";

  private enum State {
    /** Nothing is written, and nothing is known. */
    NEW,
    /** The start is on its way, or the claim. */
    STARTING,
    OPEN,
    /** The terminal record is on its way. */
    ENDING,
    /** Another lane goes on with the answer. */
    OVERTAKEN,
    CLOSED
  }

  private final ReplyHead head;
  private final AnswerRecords records;
  private final ReplyLogAccess access;
  private final LaneThread thread;
  private final ReplyOutcome outcome;
  private final Opening opening;
  private final WaitingNews news;
  private final TakeUp takeUp;
  private final LaneFlights flights;
  private final PieceQueue pieces = new PieceQueue();

  private volatile boolean waiting = true;
  private State state = State.NEW;
  private @Nullable Terminal terminal;
  private int unfinishedChoices;
  private boolean admitted;
  private boolean released;
  private boolean mayClaimAnew;
  private boolean cutShort;
  private boolean waitedForBrokers;

  /** So much is billed in any case. */
  private AcknowledgedPieces acknowledged;

  /**
   * Makes the lane of one answer; nothing is written yet.
   *
   * @param records makes them
   * @param replyThread runs its tasks one after the other
   * @param opening how the answer is taken up
   */
  public ReplyLane(
      ReplyHead head,
      AnswerRecords records,
      ReplyLogAccess access,
      Executor replyThread,
      ReplyOutcome outcome,
      Opening opening) {
    this.head = head;
    this.records = records;
    this.access = access;
    this.thread = new LaneThread(replyThread, head.requestId(), this::cutShort);
    this.outcome = outcome;
    this.opening = opening;
    this.news = new WaitingNews(head, records, access, thread);
    this.takeUp = new TakeUp(
        head, records, access, thread, news, this::opened, this::startTooLarge, this::claimed);
    this.flights = new LaneFlights(thread, access.writer());
    this.acknowledged = new AcknowledgedPieces(records.place());
    this.unfinishedChoices = records.unfinishedChoices();
    this.terminal = unfinishedChoices == 0 ? Terminal.complete(records) : null;
    this.mayClaimAnew = opening != Opening.CLAIMED;
    if (opening == Opening.CLAIMED) {
      records.started();
    }
  }

  /**
   * Takes the request up before any of it is computed, so that it is counted should the worker die of
   * it; {@link ReplyOutcome#takenUp} tells when that is done.
   */
  public void takeUp() {
    thread.run(() -> {
      if (state == State.NEW) {
        open();
      }
    });
  }

  /**
   * Takes the request up, if it was not, when the engine has admitted the first choice, or none is left
   * for it; nothing for the others.
   *
   * @param cachedTokens how many of the prompt's tokens were in the cache already
   */
  public void start(int cachedTokens) {
    waiting = false;
    thread.run(() -> {
      if (!admitted && terminal == null) { // What has an end by now leaves the engine uncomputed.
        admitted = true;
        records.tally().admitted(cachedTokens);
      }
      if (state == State.NEW) {
        open();
      }
    });
  }

  /** Whether nobody has started the answer, or ended it. */
  public boolean isWaiting() {
    return waiting;
  }

  /** Tells readers how long they wait, as long as the answer is not started. */
  public void tell(WaitEstimate estimate) {
    thread.run(() -> {
      if (state == State.NEW && opening != Opening.CLAIMED && !released) {
        news.tell(estimate);
      }
    });
  }

  /** Appends a piece of the answer, which ends with the last piece of its last choice. */
  public void append(ReplyPiece piece) {
    thread.run(() -> {
      if (terminal != null || isOver() || released) {
        return;
      }
      pieces.add(piece, !flights.haveRoom());
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
   * Ends the answer with an error, started or not: one that the engine did not admit, of which others
   * wrote no piece either, has used nothing.
   *
   * @param field the request's field at fault, or null
   */
  public void fail(ErrorCode code, String message, @Nullable String field) {
    waiting = false;
    thread.run(() -> {
      if (terminal == null && !released) {
        terminal = Terminal.error(records, code, message, field);
        proceed();
      }
      if (state == State.NEW) {
        open();
      }
    });
  }

  /**
   * Lets go of the answer, so that another worker can go on with it: what is written already is
   * awaited, and if that is nothing but a start, it is taken back. An answer that is complete is
   * ended first.
   */
  public void release() {
    thread.run(() -> letGo(true));
  }

  /**
   * Lets go of an answer that the engine may have died of, or hangs on: as {@link #release}, but a
   * start that nothing follows stays, and counts as that of a process that died.
   */
  public void leave() {
    thread.run(() -> letGo(false));
  }

  private void letGo(boolean takesStartBack) {
    if (released || state == State.CLOSED || isEnding()) {
      return;
    }
    released = true;
    pieces.clear();
    if (!records.owesRelease()) {
      proceed();
      return;
    }
    close();
    if (takesStartBack) {
      thread.then(
          access.writer().send(records.release()),
          offset -> outcome.released(),
          fault -> outcome.released());
    } else {
      outcome.released();
    }
  }

  /** Writes nothing more and reports nothing more: the request is somebody else's now. */
  public void abandon() {
    thread.run(this::close);
  }

  private boolean isOver() {
    return state == State.CLOSED || state == State.OVERTAKEN;
  }

  /** Whether all is there that remains to be written. */
  private boolean isEnding() {
    boolean open = state == State.OPEN || state == State.ENDING || state == State.STARTING;
    return terminal != null && open && !takeUp.isClaiming();
  }

  private void close() {
    state = State.CLOSED;
    pieces.clear();
    flights.forget();
    news.end();
    takeUp.cancel();
  }

  private void open() {
    news.end();
    state = State.STARTING;
    if (opening == Opening.CLAIMED) {
      opened();
    } else {
      takeUp.begin(opening);
    }
  }

  private void opened() {
    state = State.OPEN;
    proceed();
  }

  private void claim() {
    state = State.STARTING;
    flights.forget();
    takeUp.claim();
  }

  private void claimed(Claim.Step last) {
    if (last instanceof Claim.Done done) {
      goOn(done);
    } else if (last instanceof Claim.Ended ended) {
      Poison.found(ended.checkpoint()).ifPresent(outcome::suspected);
      outcome.delivered(AnswerTotals.of(ended.checkpoint()));
      close();
    } else if (last instanceof Claim.NobodyWaits gone) {
      giveUp(ErrorCode.REPLY_TOPIC_UNAVAILABLE, gone.message());
    } else if (last instanceof Claim.Spoiled spoiled) {
      giveUp(ErrorCode.SERVER_ERROR, spoiled.message());
    } else if (last instanceof Claim.Failed failed) {
      claimFailed(failed.cause());
    } else {
      close();
      outcome.lost();
    }
  }

  /** Without brokers nothing is given up: they are asked whose the partition is, and a claim follows. */
  private void claimFailed(Throwable cause) {
    if (waitedForBrokers || !areAway(cause)) {
      giveUp(ErrorCode.REPLY_TOPIC_UNAVAILABLE, describe(cause));
      return;
    }
    waitedForBrokers = true;
    thread.then(
        access.proof().prove(),
        owned -> {
          if (!isOver() && owned) {
            claim();
          } else if (!isOver()) {
            close();
            outcome.lost();
          }
        },
        fault -> {
          if (!isOver()) {
            giveUp(ErrorCode.REPLY_TOPIC_UNAVAILABLE, describe(cause));
          }
        });
  }

  private static boolean areAway(Throwable fault) {
    return fault instanceof RetriableException
        && !(fault instanceof UnknownTopicOrPartitionException);
  }

  /** Goes on here only if the log holds what this lane knows of, and nothing else. */
  private void goOn(Claim.Done done) {
    ReplyCheckpoint log = done.checkpoint();
    if (Poison.is(done.fruitlessWriters())) {
      suspect(done.fruitlessWriters());
    }
    if (records.goOnFrom(log)) {
      if (terminal == null) {
        outcome.takenUp();
      }
      opened();
    } else if (terminal != null && terminal.code() != null) {
      pieces.clear();
      records.resume(log);
      acknowledged = new AcknowledgedPieces(records.place());
      opened();
    } else {
      pieces.clear();
      state = State.OVERTAKEN;
      outcome.overtaken(log);
    }
  }

  private void suspect(int writers) {
    String message =
        "expected fewer than %d workers to take the request up and leave nothing, found %d"
            .formatted(Poison.MOST_FRUITLESS_WRITERS, writers);
    pieces.clear();
    terminal = Terminal.error(records, ErrorCode.SERVER_ERROR, message, null);
    outcome.suspected(message);
  }

  /** What can be said is that it cannot be said. */
  private void startTooLarge(Throwable fault) {
    pieces.clear();
    records.shortenStart();
    terminal = Terminal.tooLarge(records, fault);
  }

  /** Writes what may be written now. */
  private void proceed() {
    while (state == State.OPEN && flights.haveRoom() && !pieces.isEmpty()) {
      writeDelta(pieces.remove());
    }
    if (released && !isOver() && flights.isEmpty()) {
      close();
      outcome.released();
    } else if (state == State.OPEN && terminal != null && pieces.isEmpty() && flights.isEmpty()) {
      writeTerminal(terminal);
    }
  }

  private void writeDelta(ReplyPiece piece) {
    AnswerRecords.Place place = records.place();
    CompletionStage<Long> written = access.writer().send(records.delta(piece));
    records.written(piece);
    AnswerRecords.Place behind = records.place();
    flights.add(
        written,
        () -> {
          acknowledged.add(place, behind);
          mayClaimAnew = true;
          waitedForBrokers = false;
          outcome.movedOn();
          proceed();
        },
        fault -> deltaFailed(place, fault));
  }

  /** Readers drop what was written behind it; the error comes when all of that is settled. */
  private void deltaFailed(AnswerRecords.Place place, Throwable fault) {
    if (released || !RecordLimit.isExceeded(fault)) {
      failed(fault);
      return;
    }
    records.backTo(place);
    pieces.clear();
    terminal = Terminal.tooLarge(records, fault);
    proceed();
  }

  private void writeTerminal(Terminal last) {
    CompletionStage<Long> written = access.writer().send(last.make().get());
    state = State.ENDING;
    flights.add(
        written,
        () -> {
          close();
          outcome.delivered(last.totals(records.tally()));
        },
        fault -> terminalFailed(last, fault));
  }

  private void terminalFailed(Terminal last, Throwable fault) {
    Terminal shorter = last.after(fault);
    if (shorter == null) {
      failed(fault);
    } else {
      terminal = shorter;
      opened();
    }
  }

  /** Nothing is written under a start of which a record failed; a record is never written twice. */
  private void failed(Throwable fault) {
    if (released) {
      close();
      outcome.released();
    } else if (mayClaimAnew && !RecordLimit.isExceeded(fault)) {
      mayClaimAnew = false;
      claim();
    } else {
      giveUp(ErrorCode.REPLY_TOPIC_UNAVAILABLE, describe(fault));
    }
  }

  private void giveUp(ErrorCode code, String message) {
    records.backTo(acknowledged.end());
    close();
    outcome.undeliverable(code, message, records.tally().totals(code.code()));
  }

  /** The reader is told of a fault of ours if it can be: once, as what failed may be the telling. */
  private void cutShort() {
    if (isOver()) {
      return;
    }
    pieces.clear();
    if (cutShort || state == State.STARTING) {
      giveUp(ErrorCode.SERVER_ERROR, FAULT);
      return;
    }
    cutShort = true;
    terminal = Terminal.error(records, ErrorCode.SERVER_ERROR, FAULT, null);
    thread.guard(this::proceed);
  }

  private String describe(Throwable fault) {
    return "expected to write to partition %d of reply topic '%s', found: %s"
        .formatted(head.address().partition(), head.address().topic(), fault.getMessage());
  }
}
