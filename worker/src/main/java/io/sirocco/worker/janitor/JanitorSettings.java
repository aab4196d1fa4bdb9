package io.sirocco.worker.janitor;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What the janitor looks at, and what it thinks old.
 *
 * <p>Immutable.
 *
 * @param prefix what the names of the topics begin with that it may delete; a number ends them, as
 *     the clients make them
 * @param age how long nothing was written to a topic that it deletes: longer than a request may wait
 *     for its answer and an answer for its reader, and than a client keeps an unused topic ready,
 *     which is half of its reply retention
 * @param pause how long it rests between two sweeps
 * @param batch how many topics it asks about, or deletes, at once
 */
public record JanitorSettings(String prefix, Duration age, Duration pause, int batch) {
  public JanitorSettings {
    require(prefix.startsWith(Topics.REPLIES_PREFIX), "prefix", Topics.REPLIES_PREFIX, prefix);
    require(!age.isNegative() && !age.isZero(), "age", "more than 0", age);
    require(!pause.isNegative(), "pause", "at least 0", pause);
    require(batch >= 1, "batch", "at least 1", batch);
  }

  /** All clients' topics, a day, 5 minutes, 500. */
  public static JanitorSettings defaults() {
    return new JanitorSettings(
        Topics.REPLIES_PREFIX, Duration.ofDays(1), Duration.ofMinutes(5), 500);
  }

  /** The names that it may delete; never that of a topic that clients share. */
  Pattern names() {
    return Pattern.compile(Pattern.quote(prefix) + "(.*\\.)?\\d+");
  }

  private static void require(boolean holds, String name, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          name + ": expected " + expected + ", found '" + found + "'");
    }
  }
}
