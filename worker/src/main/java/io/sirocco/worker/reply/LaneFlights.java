package io.sirocco.worker.reply;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The records that a lane has on their way under its current start.
 *
 * <p>Confined to the reply thread.
 */
final class LaneFlights {
  /** So many may be on their way; what a log that is slow costs is bounded by the answer. */
  private static final int MOST = 64;

  private final LaneThread thread;
  private final ReplyWriter writer;
  private int starts;
  private int count;

  LaneFlights(LaneThread thread, ReplyWriter writer) {
    this.thread = thread;
    this.writer = writer;
  }

  /** Whether all are acknowledged. */
  boolean isEmpty() {
    return count == 0;
  }

  /** Whether another one may be sent; one may in any case, so that its end is heard of. */
  boolean haveRoom() {
    return count == 0 || (count < MOST && writer.hasRoom());
  }

  /** Forgets them: what comes of records under an earlier start is nobody's business any more. */
  void forget() {
    starts++;
    count = 0;
  }

  /** Adds one that was sent; goes on when it is acknowledged, or has failed. */
  void add(CompletionStage<Long> sent, Runnable acknowledged, Consumer<Throwable> failed) {
    int start = starts;
    count++;
    thread.then(
        sent,
        offset -> {
          if (start == starts) {
            count--;
            acknowledged.run();
          }
        },
        fault -> {
          if (start == starts) {
            count--;
            failed.accept(fault);
          }
        });
  }
}
