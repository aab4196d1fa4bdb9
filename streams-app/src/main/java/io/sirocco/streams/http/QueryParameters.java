package io.sirocco.streams.http;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a question, each within its range.
 *
 * <p>Confined to the thread of the request.
 */
final class QueryParameters {
  private static final int LONGEST_TEXT = 1024;

  /** The times that windows may have: 13 digits of milliseconds. */
  private static final long FIRST = 1_000_000_000_000L;

  private static final long LAST = 9_999_999_999_999L;

  private final Fields fields;

  private QueryParameters(Fields fields) {
    this.fields = fields;
  }

  /**
   * Returns the parameters of a request.
   *
   * @param known those that it may have; a misspelt one would silently ask for something else
   */
  static QueryParameters of(Request request, Set<String> known) throws InvalidRequestException {
    Fields fields;
    try {
      fields = Request.extractQueryParameters(request);
    } catch (RuntimeException e) {
      throw invalid("", "expected parameters in UTF-8");
    }
    for (Fields.Field field : fields) {
      if (!known.contains(field.getName())) {
        throw invalid(
            field.getName(), "expected one of " + known.stream().sorted().toList());
      }
      if (field.hasMultipleValues()) {
        throw invalid(field.getName(), "expected one value, found several");
      }
    }
    return new QueryParameters(fields);
  }

  /** Returns a text, or null when there is none. */
  @Nullable
  String text(String name) throws InvalidRequestException {
    String value = fields.getValue(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (value.length() > LONGEST_TEXT) {
      throw invalid(name, "expected at most " + LONGEST_TEXT + " characters");
    }
    return value;
  }

  /** Returns a text that must be there. */
  String required(String name) throws InvalidRequestException {
    String value = text(name);
    if (value == null) {
      throw new InvalidRequestException(
          ErrorCode.MISSING_REQUIRED_PARAMETER, name, "expected a value, found none");
    }
    return value;
  }

  /** Returns a time in milliseconds since the epoch, from {@code 2026-11-21} or with a time. */
  long millis(String name, long otherwise) throws InvalidRequestException {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    long millis;
    try {
      millis = value.length() == 10
          ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
          : Instant.parse(value).toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw invalid(name, "expected a time such as 2026-11-21 or 2026-11-21T12:00:00Z");
    }
    if (millis < FIRST || millis > LAST) {
      throw invalid(name, "expected a time from 2001 to 2286");
    }
    return millis;
  }

  /** Returns a whole number. */
  int integer(String name, int from, int to, int otherwise) throws InvalidRequestException {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw invalid(name, "expected a whole number from %d to %d".formatted(from, to));
  }

  /** Returns one of some names, in lower case. */
  <E extends Enum<E>> E oneOf(String name, Class<E> type, E otherwise)
      throws InvalidRequestException {
    String value = text(name);
    return value == null ? otherwise : constant(name, value, type);
  }

  /** Returns several of some names, in lower case, separated by commas. */
  <E extends Enum<E>> Set<E> someOf(String name, Class<E> type, Set<E> otherwise)
      throws InvalidRequestException {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    EnumSet<E> some = EnumSet.noneOf(type);
    if (!value.equals("none")) {
      for (String part : value.split(",", -1)) {
        some.add(constant(name, part, type));
      }
    }
    return some;
  }

  private static <E extends Enum<E>> E constant(String name, String value, Class<E> type)
      throws InvalidRequestException {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(value)) {
        return constant;
      }
    }
    throw invalid(
        name, "expected one of " + EnumSet.allOf(type).toString().toLowerCase(Locale.ROOT));
  }

  static InvalidRequestException invalid(String name, String message) {
    return new InvalidRequestException(ErrorCode.INVALID_VALUE, name, message);
  }
}
