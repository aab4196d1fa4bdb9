package io.sirocco.contracts.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;

/**
 * Refuses numbers that would fill the memory when somebody writes them out: a few characters of JSON
 * are enough for one of a thousand million digits. Jackson bounds the characters of a number, not
 * its exponent, and fails on the greatest of them with an exception that is none of its own.
 *
 * <p>Stateless.
 */
final class NumberBounds {
  private static final int MOST_DIGITS = 1000;

  private NumberBounds() {}

  /**
   * Reads {@code parser} to its end.
   *
   * @throws MalformedJsonException naming the member that holds such a number
   */
  static void check(JsonParser parser) throws MalformedJsonException {
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (token == JsonToken.VALUE_NUMBER_FLOAT && !isBounded(parser)) {
        throw new MalformedJsonException(
            path(parser.streamReadContext()),
            "expected a number of at most %d digits, found a longer one".formatted(MOST_DIGITS));
      }
    }
  }

  private static boolean isBounded(JsonParser parser) {
    try {
      return Math.abs((long) parser.getDecimalValue().scale()) <= MOST_DIGITS;
    } catch (NumberFormatException e) { // The exponent is beyond what a BigDecimal can have.
      return false;
    }
  }

  private static String path(TokenStreamContext place) {
    TokenStreamContext parent = place.getParent();
    if (parent == null) {
      return "";
    }
    String before = path(parent);
    if (place.inArray()) {
      return before + "[" + place.getCurrentIndex() + "]";
    }
    return before + (before.isEmpty() ? "" : ".") + place.currentName();
  }
}
