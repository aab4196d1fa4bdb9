package io.sirocco.contracts.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Turns records into UTF-8 JSON and back, the same way on every topic.
 *
 * <p>Reading is strict, because a sender cannot see what a worker silently made of a request: a
 * number in quotes, a fraction where a whole number belongs, a member that occurs twice or text after
 * the end are errors. Fractions of unknown members are kept exact, as {@code BigDecimal}.
 *
 * <p>Immutable and thread-safe.
 */
public final class JsonCodec {
  private final JsonMapper mapper = JsonMapper.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
      .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
      .withCoercionConfig(
          LogicalType.Textual,
          text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
              .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
              .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
      .build();

  private final JsonFaults faults = new JsonFaults(mapper);

  /** Writes {@code value} as JSON text. */
  public String write(Object value) {
    return mapper.writeValueAsString(value);
  }

  /** Writes {@code value} as UTF-8 JSON. */
  public byte[] writeBytes(Object value) {
    return mapper.writeValueAsBytes(value);
  }

  /**
   * Reads JSON text.
   *
   * @throws MalformedJsonException when it is not JSON or not of the shape of {@code type}
   */
  public <T> T read(String json, Class<T> type) throws MalformedJsonException {
    return read(json.getBytes(UTF_8), type);
  }

  /**
   * Reads UTF-8 JSON.
   *
   * @throws MalformedJsonException when it is not JSON or not of the shape of {@code type}
   */
  public <T> T read(byte[] json, Class<T> type) throws MalformedJsonException {
    try {
      T value = mapper.readValue(json, type);
      if (value != null) {
        return value;
      }
    } catch (JacksonException e) {
      throw faults.explain(json, e);
    }
    throw new MalformedJsonException("", "expected a JSON object, found null", null);
  }
}
