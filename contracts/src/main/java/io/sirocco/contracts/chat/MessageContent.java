package io.sirocco.contracts.chat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Map;

/**
 * The content of a message: on the wire a string, or a list of parts of type {@code text}.
 *
 * <p>Immutable.
 *
 * @param text the text, or the texts of all parts joined by line breaks
 */
public record MessageContent(@JsonValue String text) {

  /** Returns content of that text. */
  public static MessageContent ofText(String text) {
    return new MessageContent(text);
  }

  /**
   * Reads either form.
   *
   * @throws IllegalArgumentException for any other JSON, and for parts that are not text
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static MessageContent ofJson(Object json) {
    if (json instanceof String text) {
      return new MessageContent(text);
    }
    if (json instanceof List<?> parts) {
      return new MessageContent(
          String.join("\n", parts.stream().map(MessageContent::textOfPart).toList()));
    }
    throw new IllegalArgumentException("expected a string or a list of text parts");
  }

  private static String textOfPart(Object part) {
    if (part instanceof Map<?, ?> fields
        && "text".equals(fields.get("type"))
        && fields.get("text") instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(
        "expected parts of the form {\"type\": \"text\", \"text\": \"...\"}");
  }
}
