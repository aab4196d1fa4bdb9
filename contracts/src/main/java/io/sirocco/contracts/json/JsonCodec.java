package io.sirocco.contracts.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.Nulls;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Turns records into UTF-8 JSON and back, the same way on every topic.
 *
 * <p>Reading is strict, because a sender cannot see what a worker silently made of a request: a
 * number in quotes, a fraction where a whole number belongs, a number beyond its field's range, null
 * in a list, a member that occurs twice, a number of more than 1000 digits or text after the end are
 * errors. Fractions of unknown members are kept exact, as {@code BigDecimal}; those that are written
 * have no exponent unless they are very small.
 *
 * <p>Immutable and thread-safe.
 */
public final class JsonCodec {
  private final JsonMapper mapper = JsonMapper.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
      .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
      .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
      .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
      .addModule(new SimpleModule()
          .addDeserializer(String.class, new StrictStringDeserializer())
          .addDeserializer(Double.class, new FiniteDoubleDeserializer())
          .addSerializer(BigDecimal.class, new PlainFractionSerializer()))
      .build();

  private final JsonFaults faults = new JsonFaults(mapper);

  /**
   * Writes {@code value} as JSON text.
   *
   * @throws IllegalArgumentException when it holds something that JSON cannot say
   */
  public String write(Object value) {
    return new String(writeBytes(value), UTF_8);
  }

  /**
   * Writes {@code value} as UTF-8 JSON.
   *
   * @throws IllegalArgumentException when it holds something that JSON cannot say
   */
  public byte[] writeBytes(Object value) {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "expected a value that can be written as JSON, found one that cannot", e);
    }
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
    try (JsonParser parser = mapper.createParser(json)) {
      NumberBounds.check(parser);
      T value = mapper.readValue(json, type);
      if (value != null) {
        return value;
      }
    } catch (JacksonException e) {
      throw faults.explain(json, e);
    }
    throw new MalformedJsonException("", "expected a JSON object, found null");
  }

  /**
   * Reads the members of any JSON object: strings, booleans, numbers, lists, maps and nulls.
   *
   * @throws MalformedJsonException when it is not JSON or no object
   */
  public Map<String, @Nullable Object> readMembers(byte[] json) throws MalformedJsonException {
    Map<String, @Nullable Object> values = read(json, JsonMembers.class).values();
    return values == null ? Map.of() : Collections.unmodifiableMap(values);
  }
}
