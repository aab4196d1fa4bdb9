package io.sirocco.streams.http;

import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.streams.query.UsageUnavailableException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the answer of an endpoint, or what is wrong in OpenAI's form of an error.
 *
 * <p>Thread-safe.
 */
final class EndpointHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointHandler.class);
  private static final String RETRY_SECONDS = "2";

  private final String method;
  private final Endpoint endpoint;
  private final Executor threads;
  private final JsonCodec codec = new JsonCodec();

  /** @param threads where the endpoint is called; what they have no room for is asked again later */
  EndpointHandler(String method, Endpoint endpoint, Executor threads) {
    this.method = method;
    this.endpoint = endpoint;
    this.threads = threads;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      threads.execute(() -> answer(request, response, callback));
    } catch (RejectedExecutionException e) {
      refuseForNow(response, callback, "too many questions at once; ask again in a moment");
    }
    return true;
  }

  // A fault of one request must not end more than that request.
  @SuppressWarnings("IllegalCatch")
  private void answer(Request request, Response response, Callback callback) {
    try {
      if (!request.getMethod().equals(method)) {
        response.getHeaders().put(HttpHeader.ALLOW, method);
        // Nobody reads the body that may follow, for which the server closes the connection.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        refuse(response, callback, 405, ErrorCode.INVALID_VALUE, null, "expected " + method);
        return;
      }
      Content content = endpoint.answer(request);
      if (content.fileName() != null) {
        response
            .getHeaders()
            .put(
                HttpHeader.CONTENT_DISPOSITION,
                "attachment; filename=\"" + content.fileName() + "\"");
      }
      write(response, callback, HttpStatus.OK_200, content);
    } catch (InvalidRequestException e) {
      refuse(response, callback, e.code().httpStatus(), e.code(), e.field(), e.getMessage());
    } catch (UsageUnavailableException e) {
      refuseForNow(response, callback, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("a question about usage failed", e);
      refuse(response, callback, 500, ErrorCode.SERVER_ERROR, null, "the server failed");
    } catch (Error e) {
      callback.failed(e); // Or whoever asked would wait for ever.
      throw e;
    }
  }

  private void refuseForNow(Response response, Callback callback, String message) {
    response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
    refuse(response, callback, 503, ErrorCode.SERVICE_UNAVAILABLE, null, message);
  }

  private void refuse(
      Response response,
      Callback callback,
      int status,
      ErrorCode code,
      @Nullable String field,
      @Nullable String message) {
    ErrorBody body = ErrorBody.of(code, String.valueOf(message), field, null);
    write(response, callback, status, Content.json(codec.writeBytes(body)));
  }

  static void write(Response response, Callback callback, int status, Content content) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, content.type());
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.body().length);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, ByteBuffer.wrap(content.body()), callback);
  }
}
