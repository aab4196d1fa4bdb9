package io.sirocco.contracts.json;

import java.util.Collection;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
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
    JsonNode root;
    try {
      root = mapper.readTree(json);
    } catch (JacksonException syntax) {
      return new MalformedJsonException(null, "expected JSON: " + syntaxFault(syntax));
    }
    return root.isMissingNode()
        ? new MalformedJsonException(null, "expected JSON: the record is empty")
        : new MalformedJsonException(path(fault), shapeFault(root, fault));
  }

  private static String shapeFault(JsonNode root, JacksonException fault) {
    if (fault instanceof ValueInstantiationException && fault.getCause() != null) {
      String message = String.valueOf(fault.getCause().getMessage());
      // Records name the member that they require; all else that they refuse comes with a sentence.
      return fault.getCause() instanceof NullPointerException
          ? "expected the member " + message + ", found none"
          : message;
    }
    if (fault instanceof InputCoercionException coercion) {
      return "expected " + range(coercion.getTargetType()) + ", found one that does not fit";
    }
    return "expected " + expected(fault) + ", found " + kind(at(root, fault));
  }

  /** Not in Jackson's words, which repeat what was read. */
  private static String syntaxFault(JacksonException fault) {
    String message = fault.getOriginalMessage();
    if (message.startsWith("Trailing token")) {
      return "more text follows its end";
    } else if (message.startsWith("Duplicate Object property")) {
      return "a member occurs twice";
    } else if (fault instanceof UnexpectedEndOfInputException) {
      return "the text ends too early";
    } else if (fault instanceof StreamConstraintsException) {
      return "it is nested too deeply, or a name, a text or a number is too long";
    }
    TokenStreamLocation location = fault.getLocation();
    return location == null
        ? "the text is not JSON"
        : "the text is not JSON at line %d, column %d"
            .formatted(location.getLineNr(), location.getColumnNr());
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

  private static String range(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "a whole number of 32 bits";
    }
    return type == Double.class ? "a finite number" : "a whole number of 64 bits";
  }

  private static String expected(JacksonException fault) {
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
    } else if (type.isEnum()) {
      return "one of the names that this version knows";
    } else if (type == String.class) {
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
