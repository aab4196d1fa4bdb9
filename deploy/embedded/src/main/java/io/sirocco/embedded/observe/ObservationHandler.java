package io.sirocco.embedded.observe;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers the paths of {@code docs/metrics.md}.
 *
 * <p>Thread-safe.
 */
final class ObservationHandler extends Handler.Abstract {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry;
  private final Health health;

  ObservationHandler(PrometheusMeterRegistry registry, Health health) {
    this.registry = registry;
    this.health = health;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      // Nobody reads the body that may follow, for which the server closes the connection.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      write(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, TEXT, "expected GET\n");
      return true;
    }
    switch (Request.getPathInContext(request)) {
      case "/metrics" -> write(response, callback, 200, PROMETHEUS, registry.scrape());
      case "/health/live" -> tell(response, callback, health.dead());
      case "/health/ready" -> tell(response, callback, health.unready());
      case "/health/startup" -> tell(response, callback, health.unstarted());
      default ->
        write(
            response,
            callback,
            HttpStatus.NOT_FOUND_404,
            TEXT,
            "expected /metrics, /health/live, /health/ready or /health/startup\n");
    }
    return true;
  }

  private static void tell(Response response, Callback callback, List<String> reasons) {
    boolean well = reasons.isEmpty();
    write(
        response,
        callback,
        well ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503,
        TEXT,
        (well ? "ok" : String.join("\n", reasons)) + "\n");
  }

  private static void write(
      Response response, Callback callback, int status, String type, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, ByteBuffer.wrap(bytes), callback);
  }
}
