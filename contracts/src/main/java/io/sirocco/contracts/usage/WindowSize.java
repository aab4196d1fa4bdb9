package io.sirocco.contracts.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Locale;

/**
 * How long a window of totals is. Windows begin on the full hour or at midnight, UTC.
 *
 * <p>Immutable.
 */
public enum WindowSize {
  /** From one full hour to the next. */
  @JsonProperty("hour")
  HOUR(Duration.ofHours(1)),
  /** From one midnight, UTC, to the next. */
  @JsonProperty("day")
  DAY(Duration.ofDays(1));

  private final long millis;

  WindowSize(Duration length) {
    millis = length.toMillis();
  }

  /** The name as it stands in records. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the first millisecond of the window that holds a time. */
  public long startOf(long epochMillis) {
    // The epoch began at midnight, UTC, and its days have no leap seconds.
    return Math.floorDiv(epochMillis, millis) * millis;
  }

  /** Returns the first millisecond behind the window that begins at {@code startMillis}. */
  public long endOf(long startMillis) {
    return startMillis + millis;
  }
}
