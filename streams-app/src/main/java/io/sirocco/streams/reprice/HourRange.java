package io.sirocco.streams.reprice;

import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.WindowSize;
import org.jspecify.annotations.Nullable;

/**
 * Which hours are priced again.
 *
 * <p>Immutable.
 *
 * @param fromMillis a time in the first hour, in milliseconds since the epoch
 * @param toMillis the first millisecond that matters no more; an hour that has begun is whole
 * @param model the model, or null for all
 */
public record HourRange(
    long fromMillis, long toMillis, @Nullable String model) {

  public HourRange {
    if (fromMillis >= toMillis) {
      throw new IllegalArgumentException(
          "expected a time before 'to' as 'from', found a later one");
    }
  }

  boolean holds(UsageKey key) {
    return key.window() == WindowSize.HOUR
        && key.startMillis() >= WindowSize.HOUR.startOf(fromMillis)
        && key.startMillis() < toMillis
        && (model == null || model.equals(key.model()));
  }
}
