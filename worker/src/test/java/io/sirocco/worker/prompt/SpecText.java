package io.sirocco.worker.prompt;

import io.sirocco.worker.tokenizer.Tokenizer;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says in one line what a request's work is, or what differs between two.
 *
 * <p>Immutable.
 */
final class SpecText {
  private final Map<String, String> values = new LinkedHashMap<>();

  SpecText(GenerationSpec spec, Tokenizer tokenizer) {
    values.put("prompt", "'" + tokenizer.decode(spec.promptIds()).replace("\n", "\\n") + "'");
    collect("", spec);
    values.remove("promptIds");
  }

  /** All values. */
  String all() {
    return join(values);
  }

  /** The values that are others than in {@code before}. */
  String changesFrom(SpecText before) {
    Map<String, String> changes = new LinkedHashMap<>(values);
    changes.entrySet().removeAll(before.values.entrySet());
    return changes.isEmpty() ? ParameterCase.AS_ABSENT : join(changes);
  }

  private void collect(String prefix, Record part) {
    for (RecordComponent component : part.getClass().getRecordComponents()) {
      Object value = valueOf(part, component);
      String name = prefix + component.getName();
      if (value instanceof Record inner) {
        collect(name + ".", inner);
      } else {
        values.put(name, text(value));
      }
    }
  }

  private static @Nullable Object valueOf(Record part, RecordComponent component) {
    try {
      return component.getAccessor().invoke(part);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("expected a record that can be read", e);
    }
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Map<?, ?> members) {
      return new TreeMap<>(members).toString();
    }
    if (value instanceof Set<?> items) {
      return new TreeSet<>(items).toString();
    }
    String text = String.valueOf(value);
    return text.length() <= 100
        ? text
        : "%s... (%d characters)".formatted(text.substring(0, 10), text.length());
  }

  private static String join(Map<String, String> values) {
    return values.entrySet().stream()
        .map(value -> value.getKey() + "=" + value.getValue())
        .collect(Collectors.joining(" "));
  }
}
