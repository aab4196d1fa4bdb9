package io.sirocco.streams.http;

import io.sirocco.streams.query.UsageSource;
import io.sirocco.streams.report.UsageReports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.state.HostInfo;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.PathMappingsHandler;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the questions about usage and the dashboard.
 *
 * <p>The port is taken by {@link #open}, before the application starts that tells others of it; from
 * {@link #serve} on it answers.
 *
 * <p>Thread-safe.
 */
public final class UsageServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UsageServer.class);
  private static final int THREADS = 16;

  /** More wait to be accepted. Each reader of updates has one. */
  private static final int MOST_CONNECTIONS = 1024;

  private static final int QUESTIONS_AT_ONCE = 8;
  private static final int MOST_WAITING = 120;
  private static final long IDLE_SECONDS = 10;
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

  private final HttpSettings settings;
  private final Server server;
  private final ServerConnector connector;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();

  /**
   * Who asks all instances waits for the others, on threads apart from those that answer them: else two
   * instances could wait for each other.
   */
  private final ThreadPoolExecutor questions;

  private @Nullable UpdateFeed updates;

  private UsageServer(HttpSettings settings, Server server, ServerConnector connector) {
    this.settings = settings;
    this.server = server;
    this.connector = connector;
    questions = new ThreadPoolExecutor(
        QUESTIONS_AT_ONCE,
        QUESTIONS_AT_ONCE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(MOST_WAITING),
        task -> {
          Thread thread = new Thread(task, "usage-questions");
          thread.setDaemon(true);
          return thread;
        });
    questions.allowCoreThreadTimeOut(true);
  }

  /**
   * Takes the port.
   *
   * @throws UncheckedIOException when it cannot be had
   */
  public static UsageServer open(HttpSettings settings) {
    return open(settings, MOST_CONNECTIONS);
  }

  static UsageServer open(HttpSettings settings, int mostConnections) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("usage-http");
    threads.setDaemon(true);
    Server server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(mostConnections, server));
    server.setErrorHandler(new ErrorPages());
    try {
      connector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "expected a free port at " + settings.host() + ":" + settings.port(), e);
    }
    return new UsageServer(settings, server, connector);
  }

  /** Where other instances reach this one. */
  public HostInfo self() {
    String advertised = settings.advertised();
    return advertised == null
        ? new HostInfo(settings.host(), connector.getLocalPort())
        : HostInfo.buildFromEndpoint(advertised);
  }

  /** Where a browser on this machine finds the dashboard. */
  public URI address() {
    String host = settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
    return URI.create(
        "http://" + HostPort.normalizeHost(host) + ":" + connector.getLocalPort() + "/");
  }

  /** Returns what the instance at {@code host} knows. */
  public UsageSource peer(HostInfo host) {
    return new RemoteUsage(client, host, settings.token());
  }

  /**
   * Begins to answer.
   *
   * @param local what this process knows
   * @param reports what all know together
   * @param counted a number that changes when totals do
   */
  public synchronized void serve(UsageSource local, UsageReports reports, LongSupplier counted) {
    PathMappingsHandler paths = new PathMappingsHandler();
    new UsageApi(reports, InstantSource.system())
        .endpoints()
        .forEach(
            (path, endpoint) -> add(paths, path, new EndpointHandler("GET", endpoint, questions)));
    new PeerApi(local)
        .endpoints()
        .forEach((path, endpoint) ->
            add(paths, path, new EndpointHandler("POST", endpoint, Runnable::run)));
    Pages.endpoints()
        .forEach((path, endpoint) ->
            add(paths, path, new EndpointHandler("GET", endpoint, Runnable::run)));
    UpdateFeed feed = new UpdateFeed(counted);
    updates = feed;
    add(paths, "/api/v1/updates", feed);
    server.setHandler(new Guard(paths, settings));
    start();
  }

  private static void add(PathMappingsHandler paths, String path, Handler handler) {
    // The root alone, where "/" stands for everything that has no mapping of its own.
    paths.addMapping(new ServletPathSpec(path.equals("/") ? "" : path), handler);
  }

  // Jetty declares any exception.
  @SuppressWarnings("IllegalCatch")
  private void start() {
    try {
      server.start();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the server of usage did not start", e);
    }
  }

  @Override
  // Jetty declares any exception, and whatever it is, the rest is to be closed.
  @SuppressWarnings("IllegalCatch")
  public synchronized void close() {
    if (updates != null) {
      updates.close();
    }
    questions.shutdownNow();
    try {
      server.stop();
      connector.close();
    } catch (Exception e) {
      LOG.warn("the server of usage did not end in good order: {}", e.toString());
    }
  }
}
