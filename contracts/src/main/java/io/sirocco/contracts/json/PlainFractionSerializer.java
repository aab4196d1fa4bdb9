package io.sirocco.contracts.json;

import java.math.BigDecimal;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes a decimal fraction without an exponent, as {@code 0.00000015} and not as {@code 1.5E-7}: an
 * amount of money should not look like a measurement. All digits are kept.
 *
 * <p>Immutable and thread-safe.
 */
final class PlainFractionSerializer extends StdSerializer<BigDecimal> {
  /** More than any price needs; a few characters must not become a text of any length. */
  private static final int MOST_DECIMALS = 100;

  PlainFractionSerializer() {
    super(BigDecimal.class);
  }

  @Override
  public void serialize(BigDecimal value, JsonGenerator json, SerializationContext context) {
    if (value.scale() > 0 && value.scale() <= MOST_DECIMALS) {
      json.writeNumber(value.toPlainString());
    } else {
      json.writeNumber(value); // A whole number with an exponent would be read as another type.
    }
  }
}
