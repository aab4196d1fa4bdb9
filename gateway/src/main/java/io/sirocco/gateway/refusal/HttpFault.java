package io.sirocco.gateway.refusal;

import io.sirocco.contracts.error.ErrorCode;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a gateway refuses by itself, beside the {@linkplain ErrorCode errors of answers}: the stable code of
 * each, and its status.
 *
 * <p>Immutable.
 */
public enum HttpFault {
  /** Nobody's API key. */
  INVALID_API_KEY(401, "invalid_api_key"),
  /** A page of another site asks. */
  ORIGIN_NOT_ALLOWED(403, "origin_not_allowed"),
  /** No such path, or no such answer of the caller's. */
  NOT_FOUND(404, "not_found"),
  /** The path is asked with another method. */
  METHOD_NOT_ALLOWED(405, "method_not_allowed"),
  /** The body took too long to arrive. */
  REQUEST_TIMEOUT(408, "request_timeout"),
  /** The body is larger than one may be. */
  REQUEST_TOO_LARGE(413, "request_too_large"),
  /** The body is no JSON by its name. */
  UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type"),
  /** Another machine was meant. */
  MISDIRECTED_REQUEST(421, "misdirected_request"),
  /** The caller has too many answers open. */
  RATE_LIMIT_EXCEEDED(429, "rate_limit_exceeded"),
  /** All callers together have too much open. */
  SERVER_IS_OVERLOADED(503, "server_is_overloaded"),
  /** The body cannot be read. */
  INVALID_BODY(400, "invalid_body"),
  /** The path cannot be decoded. */
  INVALID_PATH(400, "invalid_path"),
  /** The query cannot be decoded. */
  INVALID_QUERY(400, "invalid_query"),
  /** This is no HTTP, or has too large a header; the server knows the status. */
  INVALID_REQUEST(400, "invalid_request");

  private static final Set<String> CODES =
      Stream.of(values()).map(HttpFault::code).collect(Collectors.toUnmodifiableSet());

  private final int status;
  private final String code;

  HttpFault(int status, String code) {
    this.status = status;
    this.code = code;
  }

  /** Whether {@code text} is the code of one of these. */
  public static boolean isCode(String text) {
    return CODES.contains(text);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The code as it stands in the error body. */
  public String code() {
    return code;
  }
}
