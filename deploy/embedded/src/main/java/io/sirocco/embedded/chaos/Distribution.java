package io.sirocco.embedded.chaos;

import java.util.List;

/**
 * Measured times, least first.
 *
 * <p>Immutable.
 *
 * @param millis in milliseconds
 */
record Distribution(List<Long> millis) {
  Distribution {
    millis = millis.stream().sorted().toList();
  }

  /** The time that {@code percent} of them do not exceed; there must be some. */
  long percentile(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * millis.size());
    return millis.get(Math.max(rank, 1) - 1);
  }

  /** How many are greater than {@code bound}. */
  long above(long bound) {
    return millis.stream().filter(each -> each > bound).count();
  }

  @Override
  public String toString() {
    return millis.isEmpty()
        ? "none"
        : "%d times, min %d, median %d, 90 %% %d, 99 %% %d, max %d ms"
            .formatted(
                millis.size(),
                millis.get(0),
                percentile(50),
                percentile(90),
                percentile(99),
                millis.get(millis.size() - 1));
  }
}
