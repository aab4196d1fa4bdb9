package io.sirocco.gateway.http;

import io.sirocco.gateway.observe.GatewayMetrics;
import io.sirocco.gateway.observe.RequestMeasure;
import io.sirocco.gateway.refusal.HttpFault;
import io.sirocco.gateway.refusal.Refusal;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Says in OpenAI's form what the server itself refuses, such as a header that is too large.
 *
 * <p>Thread-safe.
 */
final class ErrorPages extends ErrorHandler {
  private static final String MEASURE = ErrorPages.class.getName();

  private final GatewayMetrics metrics;

  ErrorPages(GatewayMetrics metrics) {
    this.metrics = metrics;
  }

  /** Begins to measure a request, whose error page, should it come to that, is no other one's. */
  static RequestMeasure measure(GatewayMetrics metrics, Request request) {
    if (request.getAttribute(MEASURE) instanceof RequestMeasure begun) {
      return begun;
    }
    RequestMeasure measure = metrics.begin(request.getMethod(), request.getBeginNanoTime());
    request.setAttribute(MEASURE, measure);
    return measure;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    if (cause instanceof EofException) {
      callback.failed(cause); // Nobody is there to be told, and nothing here was at fault.
      return;
    }
    String reason = HttpStatus.getMessage(code);
    Refusal refusal = code >= 500
        ? Refusal.serverFault()
        : Refusal.of(code, HttpFault.INVALID_REQUEST, "expected another request: " + reason);
    new Exchange(request, response, callback, measure(metrics, request)).refuseBegun(refusal);
  }
}
