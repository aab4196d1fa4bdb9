package io.sirocco.worker.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The time of one run and what is to happen in it: one event after the other, those of equal times in
 * the order of their making. Everything is decided by one source of randomness, so that a seed always
 * makes the same run.
 *
 * <p>Confined to one thread, which plays all threads of all processes.
 */
final class Simulation {
  private record Event(long millis, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(millis, other.millis);
      return byTime == 0 ? Long.compare(number, other.number) : byTime;
    }
  }

  private final Random random;
  private final Journal journal = new Journal();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<Runnable> checks = new ArrayList<>();
  private long nowMillis;
  private long numbers;
  private @Nullable AssertionError violation;

  Simulation(long seed) {
    random = new Random(seed);
  }

  Random random() {
    return random;
  }

  /** The time since the beginning. */
  long nowMillis() {
    return nowMillis;
  }

  /** What happened, for whoever wants to understand a failure. */
  Journal journal() {
    return journal;
  }

  /** Notes what happens now. */
  void note(String format, Object... values) {
    journal.add(nowMillis, format, values);
  }

  /** A whole number from {@code least} to {@code most}. */
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** Has {@code action} happen later. */
  void in(long delayMillis, Runnable action) {
    events.add(new Event(nowMillis + delayMillis, numbers++, action));
  }

  /** Has {@code check} made after every event. */
  void afterEach(Runnable check) {
    checks.add(check);
  }

  /**
   * Goes on until that time. Called from within an event when a thread is held up: all others go on
   * meanwhile.
   */
  void runUntil(long millis) {
    Event next;
    while ((next = events.peek()) != null && next.millis <= millis) {
      events.remove();
      nowMillis = Math.max(nowMillis, next.millis);
      next.action.run();
      check();
    }
    nowMillis = Math.max(nowMillis, millis);
  }

  private void check() {
    try {
      checks.forEach(Runnable::run);
    } catch (AssertionError e) {
      violation = e;
    }
    if (violation != null) {
      throw violation; // Again and again, as whatever called this may swallow it.
    }
  }

  /** Ends the run, which has shown what must not be. */
  void fail(AssertionError e) {
    violation = e;
  }
}
