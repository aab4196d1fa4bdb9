package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Checks of a request's numbers; an absent one has its default.
 *
 * <p>Immutable.
 */
final class Ranges {
  private Ranges() {}

  /** Returns {@code value}, which must be a number from {@code least} to {@code most}. */
  static double within(
      String field, @Nullable Double value, double least, double most, double absent)
      throws InvalidRequestException {
    if (value == null) {
      return absent;
    }
    if (!(value >= least && value <= most)) {
      throw outside(field, "a number from %s to %s".formatted(text(least), text(most)), value);
    }
    return value;
  }

  /** Returns {@code value}, which must be a whole number from {@code least} to {@code most}. */
  static int within(String field, @Nullable Integer value, int least, int most, int absent)
      throws InvalidRequestException {
    if (value == null) {
      return absent;
    }
    if (value < least || value > most) {
      throw outside(field, "a whole number from %d to %d".formatted(least, most), value);
    }
    return value;
  }

  /** Reports that a value is not as expected. */
  static InvalidRequestException outside(String field, String expected, Object found) {
    return new InvalidRequestException(
        ErrorCode.INVALID_VALUE, field, "expected %s, found %s".formatted(expected, found));
  }

  private static String text(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
