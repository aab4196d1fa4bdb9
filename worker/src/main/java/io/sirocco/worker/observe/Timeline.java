package io.sirocco.worker.observe;

import io.sirocco.worker.reply.AnswerTotals;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When what happened to one request, in nanoseconds since the epoch; 0 is never.
 *
 * <p>Thread-safe.
 */
final class Timeline {
  private final LongSupplier epochNanos;
  private long admitted;
  private long firstToken;
  private long lastToken;
  private long closed;
  private @Nullable AnswerTotals totals;

  Timeline(LongSupplier epochNanos) {
    this.epochNanos = epochNanos;
  }

  /** The times of a request that is closed. */
  record Times(
      long admitted,
      long firstToken,
      long lastToken,
      long closed,
      long committed,
      AnswerTotals totals) {}

  synchronized void admitted() {
    if (admitted == 0) { // Its other choices may come later.
      admitted = epochNanos.getAsLong();
    }
  }

  synchronized void firstToken() {
    if (firstToken == 0) {
      firstToken = epochNanos.getAsLong();
    }
  }

  synchronized void lastToken() {
    lastToken = epochNanos.getAsLong();
  }

  synchronized void closed(AnswerTotals used) {
    closed = epochNanos.getAsLong();
    totals = used;
  }

  /** Null when it was not closed. */
  synchronized @Nullable Times committed() {
    AnswerTotals used = totals;
    return used == null
        ? null
        : new Times(admitted, firstToken, lastToken, closed, epochNanos.getAsLong(), used);
  }
}
