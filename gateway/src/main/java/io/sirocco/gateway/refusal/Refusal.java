package io.sirocco.gateway.refusal;

import io.sirocco.client.ChatFailedException;
import io.sirocco.client.ReplyNotFoundException;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered, in OpenAI's form.
 *
 * <p>Immutable.
 *
 * @param status the HTTP status
 * @param body the error
 * @param retrySeconds after how many seconds it is worth asking again; null where it is not
 */
public record Refusal(int status, ErrorBody body, @Nullable Integer retrySeconds) {
  private static final String INVALID_REQUEST = "invalid_request_error";
  private static final int SERVER_FAULT = 500;

  private static Refusal of(int status, String type, HttpFault fault, String message) {
    return new Refusal(
        status,
        new ErrorBody(new ErrorBody.Detail(message, type, null, fault.code()), null, null),
        null);
  }

  /** The request is at fault, in a way that its HTTP shows. */
  public static Refusal of(HttpFault fault, String message) {
    return of(fault.status(), INVALID_REQUEST, fault, message);
  }

  /** As {@link #of(HttpFault, String)}, with the status that the server has found. */
  public static Refusal of(int status, HttpFault fault, String message) {
    return of(status, INVALID_REQUEST, fault, message);
  }

  /** The request is at fault, in a field. */
  public static Refusal of(InvalidRequestException fault) {
    return of(fault.code(), fault.field(), String.valueOf(fault.getMessage()));
  }

  /** A fault of a field, or of none. */
  public static Refusal of(ErrorCode code, @Nullable String field, String message) {
    ErrorBody body = ErrorBody.of(code, message, field, null);
    return new Refusal(code.httpStatus(), body, null);
  }

  /** There is no such thing, or it is another user's. */
  public static Refusal notFound(String message) {
    return of(HttpFault.NOT_FOUND, message);
  }

  /** The caller has too much at once. */
  public static Refusal tooMany(String message) {
    HttpFault fault = HttpFault.RATE_LIMIT_EXCEEDED;
    return of(fault.status(), "requests", fault, message).retryAfter(1);
  }

  /** All callers together have too much at once. */
  public static Refusal overloaded(String message) {
    HttpFault fault = HttpFault.SERVER_IS_OVERLOADED;
    return of(fault.status(), ErrorCode.SERVICE_UNAVAILABLE.type(), fault, message)
        .retryAfter(1);
  }

  /** What is needed is not there now. */
  public static Refusal unavailable(String message) {
    return of(ErrorCode.SERVICE_UNAVAILABLE, null, message).retryAfter(1);
  }

  /** This program is at fault. */
  public static Refusal serverFault() {
    return of(ErrorCode.SERVER_ERROR, null, "the gateway failed");
  }

  /** Returns what a failed answer, or a failed look for one, means to its reader. */
  public static Refusal ofFailure(Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return ofFailure(failure.getCause());
    } else if (failure instanceof ChatFailedException failed) {
      return ofAnswer(failed.body());
    } else if (failure instanceof ReplyNotFoundException) {
      return notFound("expected the id of an answer of yours that is still kept, found another");
    } else if (failure instanceof RefusedException refused) {
      return refused.refusal();
    }
    // Names of topics and brokers are not the caller's business.
    return unavailable("the answer cannot be had now; ask again later");
  }

  /** Returns what the {@code error} of an answer means as a status. */
  public static Refusal ofAnswer(ErrorBody body) {
    int status = Arrays.stream(ErrorCode.values())
        .filter(code -> code.code().equals(body.error().code()))
        .mapToInt(ErrorCode::httpStatus)
        .findFirst()
        .orElse(SERVER_FAULT);
    Refusal refusal = new Refusal(status, body, null);
    return status == ErrorCode.SERVICE_UNAVAILABLE.httpStatus() ? refusal.retryAfter(1) : refusal;
  }

  /** The code of the error, or null. */
  public @Nullable String code() {
    return body.error().code();
  }

  private Refusal retryAfter(int seconds) {
    return new Refusal(status, body, seconds);
  }
}
