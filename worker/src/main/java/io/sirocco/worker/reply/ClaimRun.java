package io.sirocco.worker.reply;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Does what a {@link Claim} says, step by step.
 *
 * <p>Confined to the reply thread.
 */
final class ClaimRun {
  private final Claim claim;
  private final ReplyHead head;
  private final AnswerRecords records;
  private final ReplyLogAccess access;
  private final LaneThread thread;
  private final Consumer<Throwable> tooLarge;
  private final Consumer<Claim.Step> ended;
  private boolean cancelled;

  /**
   * @param records makes the starts
   * @param tooLarge is told that a start is too large; the next one is to be shorter
   * @param ended is told the last step, on the reply thread
   */
  ClaimRun(
      ReplyHead head,
      AnswerRecords records,
      ReplyLogAccess access,
      LaneThread thread,
      Consumer<Throwable> tooLarge,
      Consumer<Claim.Step> ended) {
    this.claim = new Claim(head.writer());
    this.head = head;
    this.records = records;
    this.access = access;
    this.thread = thread;
    this.tooLarge = tooLarge;
    this.ended = ended;
  }

  /** Takes the first step. */
  void begin() {
    go(claim.begin());
  }

  /** Takes no further step. */
  void cancel() {
    cancelled = true;
  }

  private void go(Claim.Step step) {
    if (step instanceof Claim.Read) {
      then(access.reader().read(head.log(), -1), claim::read);
    } else if (step instanceof Claim.Prove) {
      then(access.proof().prove(), claim::proved);
    } else if (step instanceof Claim.Start start) {
      then(access.writer().send(records.start(start.attempt(), start.seed())), claim::started);
    } else if (step instanceof Claim.ReadBack back) {
      then(access.reader().read(head.log(), back.through()), claim::read);
    } else if (step instanceof Claim.Pause pause) {
      then(access.delays().delay(pause.time()), paused -> claim.begin());
    } else {
      ended.accept(step);
    }
  }

  private <T> void then(CompletionStage<T> done, Function<T, Claim.Step> next) {
    thread.then(
        done,
        result -> {
          if (!cancelled) {
            go(next.apply(result));
          }
        },
        fault -> {
          if (!cancelled) {
            if (RecordLimit.isExceeded(fault)) {
              tooLarge.accept(fault);
            }
            go(claim.failed(fault));
          }
        });
  }
}
