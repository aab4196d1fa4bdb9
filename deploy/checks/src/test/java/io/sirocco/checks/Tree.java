package io.sirocco.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks into what was read of YAML or JSON: maps, lists and values.
 *
 * <p>Immutable.
 */
final class Tree {
  private Tree() {}

  /** Takes a value for an object. */
  @SuppressWarnings("unchecked") // The keys of an object are text.
  static Map<String, Object> object(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new AssertionError("expected an object, found " + value);
  }

  /** Takes a value for a list of objects; none is an empty one. */
  static List<Map<String, Object>> objects(@Nullable Object value) {
    List<Map<String, Object>> objects = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(element -> objects.add(object(element)));
    }
    return objects;
  }

  /** Follows names, separated by points; null where one is missing. */
  static @Nullable Object find(Object value, String path) {
    Object at = value;
    for (String name : path.split("\\.", -1)) {
      if (!(at instanceof Map<?, ?> map) || !map.containsKey(name)) {
        return null;
      }
      at = map.get(name);
    }
    return at;
  }

  /** As {@link #find}, of what must be there, as text. */
  static String text(Object value, String path) {
    Object found = find(value, path);
    if (found == null) {
      throw new AssertionError("expected " + path + ", found none in " + value);
    }
    return found.toString();
  }

  /** All texts under members of a name, wherever they are. */
  static List<String> textsOf(@Nullable Object value, String name) {
    List<String> texts = new ArrayList<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, member) -> {
        if (name.equals(key) && member instanceof String text) {
          texts.add(text);
        }
        texts.addAll(textsOf(member, name));
      });
    } else if (value instanceof List<?> list) {
      list.forEach(element -> texts.addAll(textsOf(element, name)));
    }
    return texts;
  }
}
