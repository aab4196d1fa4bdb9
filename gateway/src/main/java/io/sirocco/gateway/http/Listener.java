package io.sirocco.gateway.http;

import io.sirocco.gateway.settings.GatewaySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port, and the server behind it: HTTP/1.1, or TLS where there is a certificate.
 *
 * <p>Thread-safe.
 */
final class Listener implements AutoCloseable {
  static final int MOST_THREADS = 128;

  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int FEWEST_THREADS = 8;
  private static final int IDLE_THREAD_MILLIS = 10_000;

  /** What a reader who does not read may leave in the kernel, which would take megabytes. */
  private static final int SEND_BUFFER_BYTES = 65_536;

  /** A slash in the name of a model, which clients encode, stays a part of the name. */
  private static final UriCompliance PATHS =
      UriCompliance.DEFAULT.with("GATEWAY", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR);

  private final Server server;
  private final ServerConnector connector;
  private final Arrivals arrivals;

  private Listener(Server server, ServerConnector connector, Arrivals arrivals) {
    this.server = server;
    this.connector = connector;
    this.arrivals = arrivals;
  }

  /**
   * Takes the port.
   *
   * @throws UncheckedIOException when it cannot be had
   */
  static Listener open(GatewaySettings settings) {
    QueuedThreadPool threads =
        new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS, IDLE_THREAD_MILLIS);
    threads.setName("gateway-http");
    threads.setDaemon(true);
    Server server = new Server(threads);
    Arrivals arrivals = new Arrivals(settings.limits().requestTime());
    ServerConnector connector = new ServerConnector(server, 1, 1, factories(settings, arrivals));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(settings.limits().requestTime().toMillis());
    connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(settings.limits().connections(), server));
    try {
      connector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "expected a free port at " + settings.host() + ":" + settings.port() + ", found none", e);
    }
    return new Listener(server, connector, arrivals);
  }

  private static ConnectionFactory[] factories(GatewaySettings settings, Arrivals arrivals) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(settings.limits().headerBytes());
    http.setUriCompliance(PATHS);
    List<ConnectionFactory> factories = new ArrayList<>();
    if (settings.tlsKeyStore() != null) {
      // The name in the certificate is the client's concern.
      http.addCustomizer(new SecureRequestCustomizer(false));
      SslContextFactory.Server tls = new SslContextFactory.Server();
      tls.setKeyStorePath(settings.tlsKeyStore().toString());
      tls.setKeyStoreType("PKCS12");
      tls.setKeyStorePassword(settings.tlsPassword());
      factories.add(new SslConnectionFactory(tls, "http/1.1"));
    }
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    plain.addEventListener(arrivals);
    factories.add(plain);
    return factories.toArray(ConnectionFactory[]::new);
  }

  int port() {
    return connector.getLocalPort();
  }

  /** Ends connections whose next request takes too long. */
  void endLate() {
    arrivals.endLate();
  }

  /** Begins to listen. */
  // Jetty declares any exception.
  @SuppressWarnings("IllegalCatch")
  void start(Handler handler, ErrorHandler errors) {
    arrivals.setHandler(handler);
    server.setHandler(arrivals);
    server.setErrorHandler(errors);
    try {
      server.start();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the gateway's server did not start", e);
    }
  }

  @Override
  // Jetty declares any exception, and whatever it is, the rest is to be closed.
  @SuppressWarnings("IllegalCatch")
  public void close() {
    try {
      server.stop();
      connector.close();
    } catch (Exception e) {
      LOG.warn("the gateway's server did not end in good order: {}", e.toString());
    }
  }
}
