package io.sirocco.contracts.error;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stable codes of errors, with the type that OpenAI's error body gives them and the HTTP status
 * under which a gateway reports them.
 *
 * <p>Immutable.
 */
public enum ErrorCode {
  /** The body is not JSON. */
  INVALID_JSON("invalid_json", "invalid_request_error", 400),
  /** A field has a value of the wrong JSON type. */
  INVALID_TYPE("invalid_type", "invalid_request_error", 400),
  /** A field's value is outside its range. */
  INVALID_VALUE("invalid_value", "invalid_request_error", 400),
  /** A required field or header is absent. */
  MISSING_REQUIRED_PARAMETER("missing_required_parameter", "invalid_request_error", 400),
  /** A field asks for something that this worker does not do. */
  UNSUPPORTED_PARAMETER("unsupported_parameter", "invalid_request_error", 400),
  /** Prompt and answer do not fit into the model's context. */
  CONTEXT_LENGTH_EXCEEDED("context_length_exceeded", "invalid_request_error", 400),
  /** A record of the answer is larger than one may be; ask for less in it. */
  ANSWER_TOO_LARGE("answer_too_large", "invalid_request_error", 400),
  /** The user has had a request answered under that id before; the body says where. */
  DUPLICATE_REQUEST("duplicate_request", "invalid_request_error", 409),
  /** The user has written another request under that id before. */
  REQUEST_ID_CONFLICT("request_id_conflict", "invalid_request_error", 409),
  /** Somebody who may do so cancelled the request. */
  CANCELLED("cancelled", "cancelled_error", 499),
  /** Nobody serves a model of that name, or not on that topic. */
  MODEL_NOT_FOUND("model_not_found", "invalid_request_error", 404),
  /** The reply topic's name does not match the allow-list. */
  REPLY_TOPIC_NOT_ALLOWED("reply_topic_not_allowed", "permission_error", 403),
  /** The reply topic or partition does not exist, or cannot be written to. */
  REPLY_TOPIC_UNAVAILABLE("reply_topic_unavailable", "invalid_request_error", 404),
  /** What was asked of is not ready, or is over; ask again later. */
  SERVICE_UNAVAILABLE("service_unavailable", "service_unavailable_error", 503),
  /** The worker failed. */
  SERVER_ERROR("server_error", "server_error", 500);

  private static final Set<String> CODES =
      Stream.of(values()).map(ErrorCode::code).collect(Collectors.toUnmodifiableSet());

  private final String code;
  private final String type;
  private final int httpStatus;

  ErrorCode(String code, String type, int httpStatus) {
    this.code = code;
    this.type = type;
    this.httpStatus = httpStatus;
  }

  /** Whether {@code text} is the code of one of these errors. */
  public static boolean isCode(String text) {
    return CODES.contains(text);
  }

  /** The code as it stands in the error body. */
  public String code() {
    return code;
  }

  /** The type as it stands in the error body. */
  public String type() {
    return type;
  }

  /** The HTTP status that means the same. */
  public int httpStatus() {
    return httpStatus;
  }
}
