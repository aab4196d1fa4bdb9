package io.sirocco.contracts.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * How long a window of totals is. Windows begin on the full hour, at midnight, or at the midnight
 * that a month begins with, UTC.
 *
 * <p>Immutable.
 */
public enum WindowSize {
  /** From one full hour to the next. */
  @JsonProperty("hour")
  HOUR(ChronoUnit.HOURS),
  /** From one midnight, UTC, to the next. */
  @JsonProperty("day")
  DAY(ChronoUnit.DAYS),
  /** A month of the calendar, UTC. It is on no topic: who wants months adds up their days. */
  @JsonProperty("month")
  MONTH(ChronoUnit.MONTHS);

  /** The sizes that totals are kept by. */
  public static final List<WindowSize> KEPT = List.of(HOUR, DAY);

  private final ChronoUnit unit;

  WindowSize(ChronoUnit unit) {
    this.unit = unit;
  }

  /** The name as it stands in records. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the first millisecond of the window that holds a time. */
  public long startOf(long epochMillis) {
    if (this == MONTH) {
      return utc(epochMillis)
          .truncatedTo(ChronoUnit.DAYS)
          .withDayOfMonth(1)
          .toInstant()
          .toEpochMilli();
    }
    // The epoch began at midnight, UTC, and its days have no leap seconds.
    long millis = unit.getDuration().toMillis();
    return Math.floorDiv(epochMillis, millis) * millis;
  }

  /** Returns the first millisecond behind the window that begins at {@code startMillis}. */
  public long endOf(long startMillis) {
    return utc(startMillis).plus(1, unit).toInstant().toEpochMilli();
  }

  private static ZonedDateTime utc(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).atZone(ZoneOffset.UTC);
  }
}
