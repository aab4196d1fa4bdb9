package io.sirocco.contracts.error;

import org.jspecify.annotations.Nullable;

/** The request is at fault; the message tells its sender what was expected and what was found. */
public final class InvalidRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final @Nullable String field;

  /**
   * @param field the request's field or header at fault, as a path such as {@code messages[1].role};
   *     null or empty when no single one is
   */
  public InvalidRequestException(ErrorCode code, @Nullable String field, String message) {
    super(message);
    this.code = code;
    this.field = field == null || field.isEmpty() ? null : field;
  }

  /** What kind of fault it is. */
  public ErrorCode code() {
    return code;
  }

  /** The field or header at fault, or null when no single one is. */
  public @Nullable String field() {
    return field;
  }
}
