package io.sirocco.worker.intake;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.RequestIds;
import org.jspecify.annotations.Nullable;

/**
 * Where the name of the user who pays is taken from.
 *
 * <p>A header is written by the team's own producers; the body may come from anywhere, and so may the
 * name in it.
 *
 * <p>Immutable.
 */
public enum UserSource {
  /** The header, else the body's {@code user}, else {@value #ANONYMOUS}. */
  HEADER_OR_BODY,
  /** The header; a request without it is refused. */
  HEADER_ONLY;

  /** Who pays when nobody is named. */
  public static final String ANONYMOUS = "anonymous";

  /**
   * Returns who pays.
   *
   * @param header the header's text, or null
   * @param body the name in the body, or null
   * @throws InvalidRequestException when only the header counts and there is none
   */
  String user(@Nullable String header, @Nullable String body) throws InvalidRequestException {
    if (header != null && !header.isEmpty()) {
      return requireShort(Headers.USER, header);
    }
    if (this == HEADER_ONLY) {
      throw new InvalidRequestException(
          ErrorCode.MISSING_REQUIRED_PARAMETER,
          Headers.USER,
          "expected header '%s' to name who pays, found none".formatted(Headers.USER));
    }
    return body == null || body.isEmpty() ? ANONYMOUS : requireShort("user", body);
  }

  /** A name stands in the usage event several times, and one of any length would not fit into it. */
  private static String requireShort(String field, String name) throws InvalidRequestException {
    if (!RequestIds.isUsable(name)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE,
          field,
          "expected a name of at most %d bytes of UTF-8, found another"
              .formatted(RequestIds.MOST_BYTES));
    }
    return name;
  }
}
