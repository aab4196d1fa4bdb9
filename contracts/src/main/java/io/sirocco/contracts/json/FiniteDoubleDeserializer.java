package io.sirocco.contracts.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/**
 * Reads a JSON number as a double, and refuses one that would become infinite: it could not be
 * written again.
 *
 * <p>Immutable and thread-safe.
 */
final class FiniteDoubleDeserializer extends StdScalarDeserializer<Double> {
  FiniteDoubleDeserializer() {
    super(Double.class);
  }

  @Override
  public Double deserialize(JsonParser parser, DeserializationContext context) {
    JsonToken token = parser.currentToken();
    if (!token.isNumeric()) {
      return (Double) context.handleUnexpectedToken(getValueType(context), parser);
    }
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw new InputCoercionException(parser, "not finite", token, Double.class);
    }
    return value;
  }
}
