package io.sirocco.contracts.json;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that are not JSON, or JSON of another shape than was expected.
 *
 * <p>Has no cause: the parser's exceptions repeat what was read, which may be a prompt, and an
 * exception is easily logged with its causes.
 */
public final class MalformedJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String field;

  /**
   * @param field the path of the member at fault, such as {@code messages[0].role}; null when the
   *     bytes are no JSON at all
   */
  MalformedJsonException(@Nullable String field, String message) {
    super(message);
    this.field = field;
  }

  /** The path of the member at fault, or null when the bytes are no JSON at all. */
  public @Nullable String field() {
    return field;
  }
}
