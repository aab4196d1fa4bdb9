package io.sirocco.streams.topology;

import java.time.Duration;

/**
 * How far back usage is looked at.
 *
 * <p>An event that ended longer ago than {@code grace} is not counted but set aside, because its
 * copies may have been forgotten. So ids must be remembered for longer than that, and for longer
 * than two attempts at a request can lie apart: the retention of the request topics.
 *
 * <p>Immutable.
 *
 * @param grace how late an event may come and still be added to its own window
 * @param seen how long the id of an event is remembered, so that its copies are known
 * @param requests how long single requests can be looked at; totals outlive them
 */
public record UsageMemory(Duration grace, Duration seen, Duration requests) {
  /** A broker takes records that are this far ahead of its own clock. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  /** Kafka keeps requests for a week unless told otherwise. */
  public static final UsageMemory DEFAULTS =
      new UsageMemory(Duration.ofDays(7), Duration.ofDays(15), Duration.ofDays(32));

  public UsageMemory {
    if (grace.isNegative() || seen.compareTo(grace.plus(CLOCK_SKEW)) < 0) {
      throw new IllegalArgumentException(
          "expected ids to be remembered for the grace and an hour, found a grace of " + grace
              + " and a memory of " + seen);
    }
    if (requests.compareTo(Duration.ofHours(1)) < 0) {
      throw new IllegalArgumentException(
          "expected requests to be kept for at least an hour, found " + requests);
    }
  }
}
