package io.sirocco.checks;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.sirocco.contracts.json.JsonCodec;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON schemas of the records of the wire, read from the classes themselves.
 *
 * <p>Source: JSON Schema, draft 7, as AsyncAPI 3 takes it.
 *
 * <p>Confined to one test.
 */
final class RecordSchemas {
  private final Map<String, Object> named = new TreeMap<>();
  private final JsonCodec codec = new JsonCodec();

  /** The schemas of all records that were asked for, and of those within them, by name. */
  Map<String, Object> all() {
    return named;
  }

  /** Returns a reference to the schema of a record. */
  Map<String, Object> of(Class<?> type) {
    String name = name(type);
    if (!named.containsKey(name)) {
      named.put(name, Map.of()); // A record that contains itself finds this.
      named.put(name, schema(type));
    }
    return Map.of("$ref", "#/components/schemas/" + name);
  }

  private Map<String, Object> schema(Class<?> type) {
    Map<String, Object> members = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    boolean open = false;
    for (RecordComponent component : type.getRecordComponents()) {
      AnnotatedElement accessor = component.getAccessor();
      JsonProperty property = accessor.getAnnotation(JsonProperty.class);
      if (property == null) {
        open |= accessor.isAnnotationPresent(JsonAnySetter.class) || isExtra(type, component);
        continue;
      }
      boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      Map<String, Object> schema = new TreeMap<>(value(component.getGenericType()));
      members.put(property.value(), schema);
      if (isAlways(type, accessor, nullable)) {
        required.add(property.value());
        if (nullable) {
          orNull(schema);
        }
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", members);
    if (!required.isEmpty() && !open) {
      schema.put("required", required);
    }
    return schema;
  }

  private static void orNull(Map<String, Object> schema) {
    if (schema.get("type") instanceof String one) {
      schema.put("type", List.of(one, "null"));
    }
    if (schema.get("enum") instanceof List<?> values) {
      List<@Nullable Object> more = new ArrayList<>(values);
      more.add(null);
      schema.put("enum", more);
    }
  }

  /** Members that the record does not name are kept in a map. */
  private static boolean isExtra(Class<?> type, RecordComponent component) {
    return Map.class.isAssignableFrom(component.getType()) && type.isRecord();
  }

  /** Whether a member is written whatever it is. */
  private static boolean isAlways(Class<?> type, AnnotatedElement accessor, boolean nullable) {
    JsonInclude include = accessor.getAnnotation(JsonInclude.class);
    if (include == null) {
      include = type.getAnnotation(JsonInclude.class);
    }
    if (include == null || include.value() == JsonInclude.Include.ALWAYS) {
      return true;
    }
    return include.value() == JsonInclude.Include.NON_NULL && !nullable;
  }

  private Map<String, Object> value(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      return generic.getRawType() == List.class
          ? Map.of("type", "array", "items", value(last))
          : Map.of("type", "object", "additionalProperties", value(last));
    }
    if (!(type instanceof Class<?> plain)) {
      return Map.of();
    }
    if (plain == int.class
        || plain == Integer.class
        || plain == long.class
        || plain == Long.class) {
      return Map.of("type", "integer");
    }
    if (plain == double.class || plain == Double.class || plain == BigDecimal.class) {
      return Map.of("type", "number");
    }
    if (plain == boolean.class || plain == Boolean.class) {
      return Map.of("type", "boolean");
    }
    if (plain == String.class || isText(plain)) {
      return Map.of("type", "string");
    }
    if (plain.isEnum()) {
      return Map.of(
          "type",
          "string",
          "enum",
          Arrays.stream(plain.getEnumConstants())
              .map(constant -> codec.write(constant).replace("\"", ""))
              .toList());
    }
    return plain.isRecord() ? of(plain) : Map.of();
  }

  /** Whether values are written as the text that stands for them. */
  private static boolean isText(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(method ->
            method.isAnnotationPresent(JsonValue.class) && method.getReturnType() == String.class);
  }

  private static String name(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return outer == null ? type.getSimpleName() : outer.getSimpleName() + type.getSimpleName();
  }
}
