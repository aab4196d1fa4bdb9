package io.sirocco.worker.observe;

import java.time.Duration;

/**
 * How much waits, and how long it will take: what waits, times the engine's time that each of those took
 * that were answered lately. The engine's time and not the clock's, because with little to do requests
 * end as slowly as they come.
 *
 * <p>Thread-safe.
 */
final class Backlog {
  private static final double HALF_LIFE_SECONDS = Duration.ofMinutes(1).toSeconds();

  private double busySeconds;
  private double answered;
  private double seenBusySeconds;
  private long seenAnswered;
  private long records;
  private double oldestSeconds;

  /**
   * Takes what is seen now.
   *
   * @param totalBusySeconds how long the engine has computed since its start
   * @param totalAnswered how many requests have ended since then
   * @param waiting how many have not
   * @param oldestAgeSeconds the age of the oldest of those; 0 when none is known
   */
  synchronized void look(
      double totalBusySeconds, long totalAnswered, long waiting, double oldestAgeSeconds) {
    double busy = totalBusySeconds - seenBusySeconds;
    double kept = Math.pow(0.5, busy / HALF_LIFE_SECONDS); // What is idle forgets nothing.
    busySeconds = busySeconds * kept + busy;
    answered = answered * kept + (totalAnswered - seenAnswered);
    seenBusySeconds = totalBusySeconds;
    seenAnswered = totalAnswered;
    records = waiting;
    oldestSeconds = oldestAgeSeconds;
  }

  /** How many requests are not closed. */
  synchronized long records() {
    return records;
  }

  /** How long they will take; the age of the oldest as long as none was answered. */
  synchronized double seconds() {
    if (records == 0) {
      return 0;
    }
    return answered > 0 ? records * busySeconds / answered : oldestSeconds;
  }
}
