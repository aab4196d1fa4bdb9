package io.sirocco.contracts.usage;

/**
 * The times that a record about usage may carry.
 *
 * <p>All of them have 13 digits. So a time that was given in seconds or in microseconds is noticed,
 * instead of standing for the year 1970 or 57000; and as text they sort as they do as numbers.
 *
 * <p>Immutable.
 */
final class EpochMillis {
  private static final long FIRST = 1_000_000_000_000L;
  private static final long LAST = 9_999_999_999_999L;

  private EpochMillis() {}

  static void require(String member, long millis) {
    if (millis < FIRST || millis > LAST) {
      throw new IllegalArgumentException(
          "expected %s in milliseconds since the epoch, from 2001 to 2286, found %d"
              .formatted(member, millis));
    }
  }
}
