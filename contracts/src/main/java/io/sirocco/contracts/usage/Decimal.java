package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * An exact decimal number: on the wire a string, such as {@code "0.075"}, because a JSON number
 * passes through binary fractions in most readers.
 *
 * <p>Equal numbers are equal values: zeros at the end are dropped. Text has at most 30 digits before
 * and 30 behind the point and no exponent, so that a few characters cannot stand for a number of
 * gigabytes.
 *
 * <p>Immutable.
 *
 * @param value the number, without zeros at the end and without a negative scale
 */
public record Decimal(BigDecimal value) {
  /** Nothing. */
  public static final Decimal ZERO = new Decimal(BigDecimal.ZERO);

  private static final Pattern PLAIN = Pattern.compile("-?[0-9]{1,30}(\\.[0-9]{1,30})?");

  public Decimal {
    value = requireNonNull(value, "value").stripTrailingZeros();
    value = value.scale() < 0 ? value.setScale(0) : value;
  }

  /**
   * Returns the number that {@code text} stands for.
   *
   * @throws IllegalArgumentException when it is not a plain decimal number
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Decimal of(String text) {
    if (!PLAIN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "expected a plain decimal number such as \"0.075\", found another text");
    }
    return new Decimal(new BigDecimal(text));
  }

  /** The number as plain text, without an exponent. */
  @JsonValue
  public String text() {
    return value.toPlainString();
  }

  /** Returns the exact sum. */
  public Decimal plus(Decimal other) {
    return new Decimal(value.add(other.value));
  }

  /** The text of the number. */
  @Override
  public String toString() {
    return text();
  }
}
