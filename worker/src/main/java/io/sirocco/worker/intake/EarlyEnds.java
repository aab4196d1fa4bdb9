package io.sirocco.worker.intake;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.worker.control.Cancellations;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Ends requests before their answers are complete, waiting or running: those that are cancelled, and
 * those whose deadline has passed.
 *
 * <p>Confined to the intake thread.
 */
public final class EarlyEnds {
  private static final String CANCELLED = "the request was cancelled";

  private final Cancellations cancellations;
  private final InstantSource clock;
  private final Map<String, Set<InFlight>> byId = new HashMap<>();
  private final PriorityQueue<InFlight> byDeadline =
      new PriorityQueue<>(Comparator.comparingLong(EarlyEnds::deadlineMillis));

  /**
   * Ends nothing yet.
   *
   * @param cancellations what is cancelled, perhaps before its request is here
   * @param clock by which deadlines pass
   */
  public EarlyEnds(Cancellations cancellations, InstantSource clock) {
    this.cancellations = cancellations;
    this.clock = clock;
  }

  private static long deadlineMillis(InFlight record) {
    return record.patience().deadlineMillis();
  }

  /** Watches {@code record}, of which all is known by now, and ends it if it is to be ended already. */
  void enter(InFlight record) {
    byId.computeIfAbsent(record.requestId(), id -> new LinkedHashSet<>()).add(record);
    if (deadlineMillis(record) != Long.MAX_VALUE) {
      byDeadline.add(record);
    }
    if (cancellations.include(record.user(), record.requestId())) {
      record.endEarly(ErrorCode.CANCELLED, CANCELLED);
    }
    endLate();
  }

  /** Ends what is to be ended by now. */
  void look() {
    for (RequestKey key : cancellations.news()) {
      for (InFlight record : byId.getOrDefault(key.requestId(), Set.of())) {
        if (key.means(record.user(), record.requestId())) {
          record.endEarly(ErrorCode.CANCELLED, CANCELLED);
        }
      }
    }
    endLate();
  }

  private void endLate() {
    long now = clock.millis();
    InFlight next;
    while ((next = byDeadline.peek()) != null && deadlineMillis(next) <= now) {
      byDeadline.remove();
      next.endEarly(
          ErrorCode.DEADLINE_EXCEEDED,
          "expected the answer to end by its deadline, found it %d ms past"
              .formatted(now - deadlineMillis(next)));
    }
  }

  /** Watches {@code record} no longer. */
  void leave(InFlight record) {
    Set<InFlight> same = byId.getOrDefault(record.requestId(), Set.of());
    if (same.contains(record)) {
      same.remove(record);
      byDeadline.remove(record);
      if (same.isEmpty()) {
        byId.remove(record.requestId());
      }
    }
  }
}
