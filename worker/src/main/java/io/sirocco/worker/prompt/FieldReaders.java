package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Readers of the values that more than one field has, and fields of them.
 *
 * <p>Stateless.
 */
final class FieldReaders {
  private FieldReaders() {}

  /** A number from {@code least} to {@code most}. */
  static RequestField<Double> number(
      String name, double least, double most, double absent, String effect) {
    String range = "a number from %s to %s".formatted(text(least), text(most));
    return new RequestField<>(name, range, text(absent), effect, absent, (field, value) -> {
      double number = number(field, value);
      if (!(number >= least && number <= most)) {
        throw outside(field, range, text(number));
      }
      return number;
    });
  }

  /** A whole number from {@code least} to {@code most}. */
  static RequestField<Integer> whole(String name, int least, int most, int absent, String effect) {
    return new RequestField<>(
        name, range(least, most), Integer.toString(absent), effect, absent, (field, value) ->
            (int) whole(field, value, least, most));
  }

  /** True or false. */
  static RequestField<Boolean> flag(String name, boolean absent, String effect) {
    return new RequestField<>(
        name, "true or false", Boolean.toString(absent), effect, absent, FieldReaders::flag);
  }

  /** A text whose length is from {@code least} to {@code most} characters; absent: empty. */
  static RequestField<String> text(String name, int least, int most, String absent, String effect) {
    String range = "a text of %d to %d characters".formatted(least, most);
    return new RequestField<>(name, range, absent, effect, "", (field, value) -> {
      String text = text(field, value);
      if (text.length() < least || text.length() > most) {
        throw outside(field, range, text.length());
      }
      return text;
    });
  }

  /** One of {@code names}; absent: the first. */
  static RequestField<String> oneOf(String name, List<String> names, String effect) {
    String range = String.join(", ", names);
    return new RequestField<>(name, range, names.get(0), effect, names.get(0), (field, value) -> {
      String text = text(field, value);
      if (!names.contains(text)) {
        throw outside(field, "one of " + range, "another text");
      }
      return text;
    });
  }

  /** Reads a whole number from {@code least} to {@code most}. */
  static long whole(String field, Object value, long least, long most)
      throws InvalidRequestException {
    if (value instanceof BigInteger) { // What is shorter comes as an integer or a long.
      throw outside(field, range(least, most), "one of more than 64 bits");
    }
    if (!(value instanceof Integer || value instanceof Long)) {
      throw otherType(field, "a whole number", value);
    }
    long number = ((Number) value).longValue();
    if (number < least || number > most) {
      throw outside(field, range(least, most), number);
    }
    return number;
  }

  /** Reads a number. */
  static double number(String field, Object value) throws InvalidRequestException {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw otherType(field, "a number", value);
  }

  /** Reads true or false. */
  static boolean flag(String field, Object value) throws InvalidRequestException {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw otherType(field, "true or false", value);
  }

  /** Reads a text. */
  static String text(String field, Object value) throws InvalidRequestException {
    if (value instanceof String text) {
      return text;
    }
    throw otherType(field, "a string", value);
  }

  /** Reads an object. */
  static Map<?, ?> object(String field, Object value) throws InvalidRequestException {
    if (value instanceof Map<?, ?> members) {
      return members;
    }
    throw otherType(field, "an object", value);
  }

  /** Reads a list. */
  static List<?> list(String field, Object value) throws InvalidRequestException {
    if (value instanceof List<?> items) {
      return items;
    }
    throw otherType(field, "a list", value);
  }

  /** Reads a list, each item by {@code reader}. */
  static <T> List<T> list(String field, Object value, RequestField.Reader<T> reader)
      throws InvalidRequestException {
    List<?> items = list(field, value);
    List<T> read = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Object item = items.get(i);
      String path = "%s[%d]".formatted(field, i);
      if (item == null) {
        throw outside(path, "no null", "null");
      }
      read.add(reader.read(path, item));
    }
    return List.copyOf(read);
  }

  /** Reports a value that is not as expected. */
  static InvalidRequestException outside(String field, String expected, Object found) {
    return new InvalidRequestException(
        ErrorCode.INVALID_VALUE, field, "expected %s, found %s".formatted(expected, found));
  }

  /** Reports a value of another JSON type. */
  static InvalidRequestException otherType(String field, String expected, Object found) {
    return new InvalidRequestException(
        ErrorCode.INVALID_TYPE, field, "expected %s, found %s".formatted(expected, kind(found)));
  }

  /** Says a number without a fraction that is none. */
  static String text(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private static String range(long least, long most) {
    return "a whole number from %d to %d".formatted(least, most);
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
