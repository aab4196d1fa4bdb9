package io.sirocco.worker.model.folder;

import io.sirocco.worker.model.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON object of a model folder, whose faults are told in one line: file, field, what was
 * expected and what was found.
 *
 * <p>Immutable.
 *
 * @param file the file, for messages
 * @param root the object
 */
record FolderJson(Path file, JsonNode root) {

  /** Reads a file that must be there. */
  static FolderJson read(Path file) throws ModelLoadException {
    try {
      JsonNode root = JsonMapper.shared().readTree(Files.readAllBytes(file));
      if (!root.isObject()) {
        throw new ModelLoadException(file + ": expected a JSON object");
      }
      return new FolderJson(file, root);
    } catch (IOException e) {
      throw new ModelLoadException(file + ": cannot be read: " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw new ModelLoadException(file + ": expected JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The field, or null when it is absent or null. */
  @Nullable
  JsonNode optional(String field) {
    JsonNode node = root.path(field);
    return node.isMissingNode() || node.isNull() ? null : node;
  }

  /** The member object of that name; an empty one when it is absent. */
  FolderJson member(String field) throws ModelLoadException {
    JsonNode node = optional(field);
    if (node == null) {
      return new FolderJson(file, JsonMapper.shared().createObjectNode());
    }
    if (!node.isObject()) {
      throw fault(field, "an object");
    }
    return new FolderJson(file, node);
  }

  /** The names of all fields. */
  Collection<String> names() {
    return root.propertyNames();
  }

  /** A positive whole number that must be there. */
  int positiveInt(String field) throws ModelLoadException {
    JsonNode node = root.path(field);
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
      throw fault(field, "a positive whole number");
    }
    return node.intValue();
  }

  /** A positive whole number, or null. */
  @Nullable
  Integer optionalPositiveInt(String field) throws ModelLoadException {
    return optional(field) == null ? null : positiveInt(field);
  }

  /** A positive number that must be there. */
  double positiveDouble(String field) throws ModelLoadException {
    JsonNode node = root.path(field);
    if (!node.isNumber() || !(node.doubleValue() > 0)) {
      throw fault(field, "a positive number");
    }
    return node.doubleValue();
  }

  /** A truth value; false when it is absent. */
  boolean flag(String field) throws ModelLoadException {
    JsonNode node = optional(field);
    if (node != null && !node.isBoolean()) {
      throw fault(field, "true or false");
    }
    return node != null && node.booleanValue();
  }

  /** Text, or null. */
  @Nullable
  String optionalText(String field) throws ModelLoadException {
    JsonNode node = optional(field);
    if (node != null && !node.isString()) {
      throw fault(field, "a string");
    }
    return node == null ? null : node.stringValue();
  }

  /** What is wrong with {@code field}. */
  ModelLoadException fault(String field, String expected) {
    JsonNode found = optional(field);
    return new ModelLoadException("%s: expected %s in \"%s\", found %s"
        .formatted(file, expected, field, found == null ? "nothing" : brief(found)));
  }

  private static String brief(JsonNode found) {
    String text = found.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
