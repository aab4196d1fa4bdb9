package io.sirocco.worker.model.folder;

import io.sirocco.worker.model.ModelLoadException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses the JSON header of a safetensors file.
 *
 * <p>Stateless.
 */
final class SafetensorsHeader {
  private SafetensorsHeader() {}

  /**
   * Reads the header's entries by tensor name.
   *
   * @param dataBytes the size of the data after the header; no entry reaches beyond it
   */
  static Map<String, TensorEntry> parse(Path file, byte[] header, long dataBytes)
      throws ModelLoadException {
    Map<String, TensorEntry> entries = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : object(file, header).properties()) {
      if (!field.getKey().equals("__metadata__")) {
        entries.put(field.getKey(), entry(file, field.getKey(), field.getValue(), dataBytes));
      }
    }
    return Map.copyOf(entries);
  }

  private static JsonNode object(Path file, byte[] header) throws ModelLoadException {
    try {
      JsonNode root = JsonMapper.shared().readTree(header);
      if (root.isObject()) {
        return root;
      }
      throw new ModelLoadException(file + ": expected a JSON object as header");
    } catch (JacksonException e) {
      throw new ModelLoadException(file + ": expected a header in JSON", e);
    }
  }

  private static TensorEntry entry(Path file, String name, JsonNode node, long dataBytes)
      throws ModelLoadException {
    List<Long> shape = numbers(node.path("shape"));
    List<Long> offsets = numbers(node.path("data_offsets"));
    if (shape == null
        || offsets == null
        || offsets.size() != 2
        || offsets.get(0) > offsets.get(1)
        || offsets.get(1) > dataBytes) {
      throw new ModelLoadException(
          "%s: expected a shape and two data_offsets within %d bytes for %s, found %s"
              .formatted(file, dataBytes, name, offsets));
    }
    return new TensorEntry(node.path("dtype").asString(""), shape, offsets.get(0), offsets.get(1));
  }

  /** A list of whole numbers from 0; null for anything else. */
  private static @Nullable List<Long> numbers(JsonNode node) {
    if (!node.isArray()) {
      return null;
    }
    List<Long> numbers = new ArrayList<>();
    for (JsonNode number : node) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        return null;
      }
      numbers.add(number.longValue());
    }
    return List.copyOf(numbers);
  }
}
