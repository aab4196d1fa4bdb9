package io.sirocco.gateway.http;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.gateway.observe.GatewayMetrics;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/** A server of HTTP without a port, and what answers there. */
final class LocalHttp implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final Server server = new Server();
  private final LocalConnector connector = new LocalConnector(server);
  private final GatewayMetrics metrics =
      new GatewayMetrics(new SimpleMeterRegistry(), System::nanoTime);

  /** @param answer may go on elsewhere */
  LocalHttp(Consumer<Exchange> answer) throws Exception {
    this(UnaryOperator.identity(), answer);
  }

  /** @param seen how the request is seen */
  LocalHttp(UnaryOperator<Request> seen, Consumer<Exchange> answer) throws Exception {
    server.addConnector(connector);
    server.setHandler(new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        answer.accept(new Exchange(
            seen.apply(request), response, callback, ErrorPages.measure(metrics, request)));
        return true;
      }
    });
    server.start();
  }

  /** Sends a request and returns the whole response. */
  String ask(String request) throws Exception {
    return connector.getResponse(request, PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
    metrics.close();
  }
}
