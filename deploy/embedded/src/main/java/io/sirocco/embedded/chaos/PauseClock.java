package io.sirocco.embedded.chaos;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Measures the longest time between two pieces of an answer, whatever was the cause.
 *
 * <p>Confined to the main thread.
 */
final class PauseClock {
  private final Map<String, Long> last = new HashMap<>();
  private long longestMillis;

  /** Says that a piece of the answer was written, at a time by the clock of its record. */
  void piece(String requestId, long atMillis) {
    Long before = last.put(requestId, atMillis);
    longestMillis = Math.max(longestMillis, before == null ? 0 : atMillis - before);
  }

  /** Says that the answer has ended. */
  void ended(String requestId) {
    last.remove(requestId);
  }

  /** The longest so far; zero when there was none. */
  Duration longest() {
    return Duration.ofMillis(longestMillis);
  }
}
