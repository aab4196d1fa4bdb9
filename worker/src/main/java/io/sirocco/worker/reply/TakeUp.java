package io.sirocco.worker.reply;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request up: with its first start, if that is the first record of its log, and otherwise with a
 * claim.
 *
 * <p>Confined to the reply thread.
 */
final class TakeUp {
  private final ReplyHead head;
  private final AnswerRecords records;
  private final ReplyLogAccess access;
  private final LaneThread thread;
  private final WaitingNews news;
  private final Runnable fresh;
  private final Consumer<Throwable> tooLarge;
  private final Consumer<Claim.Step> claimed;
  private @Nullable ClaimRun claim;
  private boolean cancelled;

  /**
   * @param news that was written before
   * @param fresh runs when the first start is the first record
   * @param tooLarge is told that a start is too large; the next one is to be shorter
   * @param claimed is told the last step of a claim
   */
  TakeUp(
      ReplyHead head,
      AnswerRecords records,
      ReplyLogAccess access,
      LaneThread thread,
      WaitingNews news,
      Runnable fresh,
      Consumer<Throwable> tooLarge,
      Consumer<Claim.Step> claimed) {
    this.head = head;
    this.records = records;
    this.access = access;
    this.thread = thread;
    this.news = news;
    this.fresh = fresh;
    this.tooLarge = tooLarge;
    this.claimed = claimed;
  }

  /** Begins, when the log can be written to. */
  void begin(Opening opening) {
    // Where nobody knows the begin, the place of the first start says nothing.
    boolean mayBeFirst = opening == Opening.FRESH && head.log().begin().isPresent();
    thread.then(
        access.writer().awaitWritable(head.log()),
        writable -> {
          if (!cancelled && mayBeFirst) {
            start();
          } else if (!cancelled) {
            claim();
          }
        },
        fault -> {
          if (!cancelled) {
            claimed.accept(new Claim.Failed(fault));
          }
        });
  }

  private void start() {
    thread.then(
        access.writer().send(records.start()),
        offset -> {
          if (!cancelled && news.isFirst(offset)) {
            fresh.run();
          } else if (!cancelled) {
            claim(); // Somebody was here.
          }
        },
        fault -> {
          if (!cancelled) {
            startFailed(fault);
          }
        });
  }

  private void startFailed(Throwable fault) {
    if (RecordLimit.isExceeded(fault)) {
      tooLarge.accept(fault);
    }
    claim();
  }

  /** Claims the request. */
  void claim() {
    ClaimRun run = new ClaimRun(head, records, access, thread, tooLarge, this::claimed);
    claim = run;
    run.begin();
  }

  private void claimed(Claim.Step last) {
    claim = null;
    claimed.accept(last);
  }

  /** Whether a claim is being made. */
  boolean isClaiming() {
    return claim != null;
  }

  /** Does nothing more. */
  void cancel() {
    cancelled = true;
    ClaimRun run = claim;
    if (run != null) {
      run.cancel();
    }
  }
}
