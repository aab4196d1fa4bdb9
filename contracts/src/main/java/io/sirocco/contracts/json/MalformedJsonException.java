package io.sirocco.contracts.json;

import org.jspecify.annotations.Nullable;

/** Bytes that are not JSON, or JSON of another shape than was expected. */
public final class MalformedJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String field;

  /**
   * @param field the path of the member at fault, such as {@code messages[0].role}; null when the
   *     bytes are no JSON at all
   */
  MalformedJsonException(@Nullable String field, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.field = field;
  }

  /** The path of the member at fault, or null when the bytes are no JSON at all. */
  public @Nullable String field() {
    return field;
  }
}
