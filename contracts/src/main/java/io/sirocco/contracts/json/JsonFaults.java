package io.sirocco.contracts.json;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says what is wrong with JSON in words for its sender: which member, what was expected, what was
 * found. Never repeats the value of a member, which may be a prompt.
 *
 * <p>Immutable and thread-safe.
 */
final class JsonFaults {
  private final JsonMapper mapper;

  JsonFaults(JsonMapper mapper) {
    this.mapper = mapper;
  }

  MalformedJsonException explain(byte[] json, JacksonException fault) {
    JsonNode root = tree(json);
    if (root == null) {
      return new MalformedJsonException(null, "expected JSON: " + syntaxFault(fault), fault);
    }
    String expected = expected(fault);
    String found =
        fault instanceof InputCoercionException ? "a greater one" : kind(at(root, fault));
    String message = fault instanceof ValueInstantiationException
        ? expected
        : "expected " + expected + ", found " + found;
    return new MalformedJsonException(path(fault), message, fault);
  }

  private @Nullable JsonNode tree(byte[] json) {
    try {
      JsonNode root = mapper.readTree(json);
      return root.isMissingNode() ? null : root;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Jackson's first sentence, without the part that describes where the bytes came from. */
  private static String syntaxFault(JacksonException fault) {
    String message = fault.getOriginalMessage();
    int source = message.indexOf(" (start marker");
    return (source < 0 ? message : message.substring(0, source))
        .replace("No content to map due to end-of-input", "the record is empty");
  }

  private static String path(JacksonException fault) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : fault.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.toString();
  }

  private static JsonNode at(JsonNode root, JacksonException fault) {
    JsonNode node = root;
    for (JacksonException.Reference step : fault.getPath()) {
      node = step.getPropertyName() == null
          ? node.path(step.getIndex())
          : node.path(step.getPropertyName());
    }
    return node;
  }

  private static String expected(JacksonException fault) {
    if (fault instanceof InputCoercionException) {
      return "a smaller number";
    }
    if (fault instanceof ValueInstantiationException && fault.getCause() != null) {
      return String.valueOf(fault.getCause().getMessage());
    }
    Class<?> type =
        fault instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
    if (type == null) {
      return "another JSON value";
    } else if (type == Integer.class
        || type == Long.class
        || type == int.class
        || type == long.class) {
      return "a whole number";
    } else if (Number.class.isAssignableFrom(type)) {
      return "a number";
    } else if (type == Boolean.class) {
      return "true or false";
    } else if (type == String.class || type.isEnum()) {
      return "a string";
    } else if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return "an object";
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case NUMBER -> node.isIntegralNumber() ? "a whole number" : "a fraction";
      case OBJECT -> "an object";
      case STRING -> "a string";
      default -> "nothing";
    };
  }
}
