package io.sirocco.worker.prompt;

import java.util.List;

/**
 * Makes fields of the kinds that there are more than one of.
 *
 * <p>Stateless.
 */
final class FieldKinds {
  private FieldKinds() {}

  /** A number from {@code least} to {@code most}. */
  static RequestField<Double> number(
      String name, double least, double most, double absent, String effect) {
    String range =
        "a number from %s to %s".formatted(FieldFaults.text(least), FieldFaults.text(most));
    return new RequestField<>(
        name, range, FieldFaults.text(absent), effect, absent, (field, value) -> {
          double number = FieldReaders.number(field, value);
          if (!(number >= least && number <= most)) {
            throw FieldFaults.outside(field, range, FieldFaults.text(number));
          }
          return number;
        });
  }

  /** A whole number from {@code least} to {@code most}. */
  static RequestField<Integer> whole(String name, int least, int most, int absent, String effect) {
    return new RequestField<>(
        name,
        FieldReaders.range(least, most),
        Integer.toString(absent),
        effect,
        absent,
        (field, value) -> (int) FieldReaders.whole(field, value, least, most));
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
      String text = FieldReaders.text(field, value);
      if (text.length() < least || text.length() > most) {
        throw FieldFaults.outside(field, range, text.length());
      }
      return text;
    });
  }

  /** One of {@code names}; absent: the first. */
  static RequestField<String> oneOf(String name, List<String> names, String effect) {
    String range = String.join(", ", names);
    return new RequestField<>(name, range, names.get(0), effect, names.get(0), (field, value) -> {
      String text = FieldReaders.text(field, value);
      if (!names.contains(text)) {
        throw FieldFaults.outside(field, "one of " + range, FieldFaults.quoted(text));
      }
      return text;
    });
  }
}
