package io.sirocco.streams.http;

import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.json.JsonCodec;
import java.util.Locale;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Says in OpenAI's form what is refused before a question is looked at. The code is the name of the
 * status, such as {@code not_found}.
 *
 * <p>Thread-safe.
 */
final class ErrorPages extends ErrorHandler {
  private final JsonCodec codec = new JsonCodec();

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    EndpointHandler.write(
        response, callback, status, Content.json(codec.writeBytes(body(status, message))));
  }

  private static ErrorBody body(int status, @Nullable String message) {
    if (status == ErrorCode.SERVICE_UNAVAILABLE.httpStatus()) {
      return ErrorBody.of(ErrorCode.SERVICE_UNAVAILABLE, String.valueOf(message), null, null);
    }
    if (status >= HttpStatus.INTERNAL_SERVER_ERROR_500) {
      return ErrorBody.of(ErrorCode.SERVER_ERROR, "the server failed", null, null);
    }
    String name = HttpStatus.getMessage(status);
    return new ErrorBody(
        new ErrorBody.Detail(
            message == null ? name : message,
            ErrorCode.INVALID_VALUE.type(),
            null,
            name.toLowerCase(Locale.ROOT).replace(' ', '_')),
        null,
        null);
  }
}
