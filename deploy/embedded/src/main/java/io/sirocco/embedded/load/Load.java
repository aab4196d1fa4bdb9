package io.sirocco.embedded.load;

import java.util.Locale;

/**
 * How much is asked at a time.
 *
 * <p>Immutable.
 */
public sealed interface Load {
  /** What a person calls it. */
  String label();

  /**
   * So many readers, each of whom asks again when the answer is there.
   *
   * @param readers 1 or more
   */
  record Closed(int readers) implements Load {
    @Override
    public String label() {
      return readers + " at once";
    }
  }

  /**
   * Requests that come whether others are answered or not.
   *
   * @param perSecond how many, on average; above 0
   */
  record Open(double perSecond) implements Load {
    @Override
    public String label() {
      return String.format(
          Locale.ROOT, perSecond == Math.rint(perSecond) ? "%.0f/s" : "%s/s", perSecond);
    }
  }
}
