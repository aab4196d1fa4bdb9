package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Readers of the values that more than one field has.
 *
 * <p>Stateless.
 */
final class FieldReaders {
  private FieldReaders() {}

  /** Reads a whole number from {@code least} to {@code most}. */
  static long whole(String field, Object value, long least, long most)
      throws InvalidRequestException {
    if (value instanceof BigInteger) { // What is shorter comes as an integer or a long.
      throw FieldFaults.outside(field, range(least, most), "one of more than 64 bits");
    }
    if (!(value instanceof Integer || value instanceof Long)) {
      throw FieldFaults.otherType(field, "a whole number", value);
    }
    long number = ((Number) value).longValue();
    if (number < least || number > most) {
      throw FieldFaults.outside(field, range(least, most), number);
    }
    return number;
  }

  /** Reads a number. */
  static double number(String field, Object value) throws InvalidRequestException {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw FieldFaults.otherType(field, "a number", value);
  }

  /** Reads true or false. */
  static boolean flag(String field, Object value) throws InvalidRequestException {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw FieldFaults.otherType(field, "true or false", value);
  }

  /** Reads a text. */
  static String text(String field, Object value) throws InvalidRequestException {
    if (value instanceof String text) {
      return text;
    }
    throw FieldFaults.otherType(field, "a string", value);
  }

  /** Reads an object. */
  static Map<?, ?> object(String field, Object value) throws InvalidRequestException {
    if (value instanceof Map<?, ?> members) {
      return members;
    }
    throw FieldFaults.otherType(field, "an object", value);
  }

  /** Reads a list. */
  static List<?> list(String field, Object value) throws InvalidRequestException {
    if (value instanceof List<?> items) {
      return items;
    }
    throw FieldFaults.otherType(field, "a list", value);
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
        throw FieldFaults.outside(path, "a value", "null");
      }
      read.add(reader.read(path, item));
    }
    return List.copyOf(read);
  }

  /** The whole numbers from {@code least} to {@code most}, in words. */
  static String range(long least, long most) {
    return "a whole number from %d to %d".formatted(least, most);
  }
}
