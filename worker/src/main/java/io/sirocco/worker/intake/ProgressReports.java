package io.sirocco.worker.intake;

import io.sirocco.contracts.reply.WaitEstimate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The requests that wait for the engine, in the order in which they came, and what they are told
 * meanwhile: how many are before them, and how long that may take.
 *
 * <p>What hundreds are told at once would hold up the tokens of those who are answered. So they are told
 * one after the other, {@value #MOST_A_SECOND} a second at most: first those who have waited for it
 * longest.
 *
 * <p>Whoever is about to lose a partition lets go of its requests first, and says nothing of them any
 * more. News that is on its way all the same is no part of an answer, and readers pass over it.
 *
 * <p>Confined to the intake thread.
 */
public final class ProgressReports {
  private static final int MOST_A_SECOND = 200;
  private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(1) / MOST_A_SECOND;

  /** As many as fall due while the intake polls once, or is busy elsewhere. */
  private static final int MOST_AT_ONCE = 8;

  /** Who is to be told, with how many are ahead. */
  private record News(Map.Entry<InFlight, Long> place, int ahead) {
    long dueNanos() {
      return place.getValue();
    }
  }

  private final Duration every;
  private final IntakeClock clock;
  private final Map<InFlight, Long> dueNanos = new LinkedHashMap<>();
  private final StartPace pace = new StartPace();
  private long toldNanos;

  /**
   * Makes an empty line.
   *
   * @param every how long a request waits before it is told the first time, and the next; zero: it is
   *     told nothing
   */
  public ProgressReports(Duration every, IntakeClock clock) {
    this.every = every;
    this.clock = clock;
    this.toldNanos = clock.nanos().getAsLong();
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

  /** Takes out who waits no longer, and tells some of those who want to know and were told nothing for long. */
  void look() {
    long now = clock.nanos().getAsLong();
    tell(due(now), now);
    if (dueNanos.isEmpty()) {
      pace.clear();
    }
  }

  private List<News> due(long now) {
    List<News> due = new ArrayList<>();
    int ahead = 0;
    Iterator<Map.Entry<InFlight, Long>> line = dueNanos.entrySet().iterator();
    while (line.hasNext()) {
      Map.Entry<InFlight, Long> place = line.next();
      if (!place.getKey().isWaiting()) {
        line.remove();
        pace.started(now);
        continue;
      }
      if (place.getKey().patience().wantsNews() && now - place.getValue() >= 0) {
        due.add(new News(place, ahead));
      }
      ahead++;
    }
    return due;
  }

  private void tell(List<News> due, long now) {
    long most = Math.min(MOST_AT_ONCE, (now - toldNanos) / APART_NANOS);
    if (due.isEmpty() || most == 0) {
      return;
    }
    toldNanos = now;
    due.sort(Comparator.comparingLong(News::dueNanos)); // Of equals the first that came is first.
    for (News news : due.subList(0, (int) Math.min(most, due.size()))) {
      int ahead = news.ahead();
      news.place().getKey().tell(new WaitEstimate(ahead, pace.secondsFor(ahead + 1, now)));
      news.place().setValue(now + every.toNanos());
    }
  }
}
