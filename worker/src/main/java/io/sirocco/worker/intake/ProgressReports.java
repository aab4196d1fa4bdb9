package io.sirocco.worker.intake;

import io.sirocco.contracts.reply.WaitEstimate;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The requests that wait for the engine, in the order in which they came, and what they are told
 * meanwhile: how many are before them, and how long that may take.
 *
 * <p>Whoever is about to lose a partition lets go of its requests first, and says nothing of them any
 * more. News that is on its way all the same is no part of an answer, and readers pass over it.
 *
 * <p>Confined to the intake thread.
 */
public final class ProgressReports {
  private final Duration every;
  private final IntakeClock clock;
  private final Map<InFlight, Long> dueNanos = new LinkedHashMap<>();
  private final StartPace pace = new StartPace();

  /**
   * Makes an empty line.
   *
   * @param every how long a request waits before it is told the first time, and the next; zero: it is
   *     told nothing
   */
  public ProgressReports(Duration every, IntakeClock clock) {
    this.every = every;
    this.clock = clock;
  }

  /** Puts {@code record} at the end of the line. */
  void enter(InFlight record) {
    if (!every.isZero()) {
      dueNanos.put(record, clock.nanos().getAsLong() + every.toNanos());
    }
  }

  /** Takes {@code record} out, which will not be taken up any more. */
  void leave(InFlight record) {
    dueNanos.remove(record);
  }

  /** Takes out who waits no longer, and tells those who want to know and were told nothing for long. */
  void look() {
    long now = clock.nanos().getAsLong();
    int ahead = 0;
    Iterator<Map.Entry<InFlight, Long>> line = dueNanos.entrySet().iterator();
    while (line.hasNext()) {
      Map.Entry<InFlight, Long> place = line.next();
      InFlight record = place.getKey();
      if (!record.isWaiting()) {
        line.remove();
        pace.started(now);
        continue;
      }
      if (record.patience().wantsNews() && now - place.getValue() >= 0) {
        record.tell(new WaitEstimate(ahead, pace.secondsFor(ahead + 1, now)));
        place.setValue(now + every.toNanos());
      }
      ahead++;
    }
    if (dueNanos.isEmpty()) {
      pace.clear();
    }
  }
}
