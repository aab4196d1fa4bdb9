package io.sirocco.contracts.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/**
 * Reads a JSON string, and nothing else, as a string.
 *
 * <p>Jackson's own reads past the end of a list within a list where one value may stand for a list.
 *
 * <p>Immutable and thread-safe.
 */
final class StrictStringDeserializer extends StdScalarDeserializer<String> {
  StrictStringDeserializer() {
    super(String.class);
  }

  @Override
  public String deserialize(JsonParser parser, DeserializationContext context) {
    return parser.hasToken(JsonToken.VALUE_STRING)
        ? parser.getString()
        : (String) context.handleUnexpectedToken(getValueType(context), parser);
  }
}
