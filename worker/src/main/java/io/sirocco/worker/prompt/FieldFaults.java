package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.math.BigDecimal;
import java.util.List;

/**
 * The words in which a value that cannot be taken is reported to its sender: what was expected and
 * what was found.
 *
 * <p>Stateless.
 */
final class FieldFaults {
  private static final int LONGEST_ECHO = 20;

  private FieldFaults() {}

  /** Reports a value that is not as expected. */
  static InvalidRequestException outside(String field, String expected, Object found) {
    return fault(ErrorCode.INVALID_VALUE, field, expected, found);
  }

  /** Reports a value of another JSON type. */
  static InvalidRequestException otherType(String field, String expected, Object found) {
    return fault(ErrorCode.INVALID_TYPE, field, expected, kind(found));
  }

  /** Reports a value that asks for something that is not done. */
  static InvalidRequestException unsupported(String field, String expected, Object found) {
    return fault(ErrorCode.UNSUPPORTED_PARAMETER, field, expected, found);
  }

  /** Says a number, without a fraction where there is none. */
  static String text(double number) {
    if (Double.isInfinite(number)) {
      return "one that is too large";
    }
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  /** Says a text, or how it begins. */
  static String quoted(String text) {
    int end =
        text.offsetByCodePoints(0, Math.min(LONGEST_ECHO, text.codePointCount(0, text.length())));
    return "'" + text.substring(0, end) + (end < text.length() ? "..." : "") + "'";
  }

  private static InvalidRequestException fault(
      ErrorCode code, String field, String expected, Object found) {
    return new InvalidRequestException(
        code, field, "expected %s, found %s".formatted(expected, found));
  }

  /** In the words in which fields that the record has are reported. */
  private static String kind(Object value) {
    if (value instanceof Boolean) {
      return "true or false";
    } else if (value instanceof BigDecimal || value instanceof Double) {
      return "a fraction";
    } else if (value instanceof Number) {
      return "a whole number";
    } else if (value instanceof String) {
      return "a string";
    }
    return value instanceof List<?> ? "a list" : "an object";
  }
}
