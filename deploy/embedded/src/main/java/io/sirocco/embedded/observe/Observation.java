package io.sirocco.embedded.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics and the health of one process, and the port on which both are told; and its traces, which
 * are sent. A role that is to be observed takes its registry, health and tracer from here; the rest is
 * the same for all.
 *
 * <p>Thread-safe.
 */
public final class Observation implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Observation.class);
  private static final int MOST_THREADS = 8;
  private static final int FEWEST_THREADS = 2;
  private static final int IDLE_THREAD_MILLIS = 10_000;

  private final PrometheusMeterRegistry registry;
  private final Health health = new Health();
  private final Tracing tracing;
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final Server server;
  private final ServerConnector connector;

  private Observation(ObservationSettings settings, Tracing tracing) {
    this.tracing = tracing;
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(new Buckets()).meterFilter(new KafkaTopics());
    QueuedThreadPool threads =
        new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS, IDLE_THREAD_MILLIS);
    threads.setName("observe-http");
    threads.setDaemon(true);
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    server.addConnector(connector);
    server.setHandler(new ObservationHandler(registry, health));
  }

  /**
   * Begins to answer; the process has not started yet.
   *
   * @param role what runs in the process
   * @param version of the product
   * @param traced what is traced
   * @throws UncheckedIOException when the port cannot be had
   */
  public static Observation open(
      String role, String version, ObservationSettings settings, TracingSettings traced) {
    Observation observation = new Observation(settings, Tracing.open(role, version, traced));
    try {
      observation.measureProcess(role, version);
      observation.listen(settings);
      return observation;
    } catch (RuntimeException e) {
      observation.close();
      throw e;
    }
  }

  private void measureProcess(String role, String version) {
    List.<MeterBinder>of(
            new ClassLoaderMetrics(),
            new JvmInfoMetrics(),
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics(),
            garbage)
        .forEach(binder -> binder.bindTo(registry));
    Gauge.builder("sirocco.ready", health, each -> each.unready().isEmpty() ? 1 : 0)
        .tag("role", role)
        .description("1 when /health/ready says yes")
        .register(registry);
    Gauge.builder("sirocco.build.info", () -> 1)
        .tag("version", version)
        .description("Always 1")
        .register(registry);
  }

  // Jetty declares any exception.
  @SuppressWarnings("IllegalCatch")
  private void listen(ObservationSettings settings) {
    try {
      connector.open();
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "expected a free port at " + settings.host() + ":" + settings.port(), e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the server of metrics did not start", e);
    }
  }

  /** Takes what is measured. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Takes spans; empty when nothing is traced. */
  public Optional<Tracer> tracer() {
    return tracing.tracer();
  }

  /** Whether the process is well. */
  public Health health() {
    return health;
  }

  /** Where Prometheus finds the metrics. */
  public URI address() {
    String host = connector.getHost().equals("0.0.0.0") ? "127.0.0.1" : connector.getHost();
    return URI.create(
        "http://" + HostPort.normalizeHost(host) + ":" + connector.getLocalPort() + "/metrics");
  }

  @Override
  // Jetty declares any exception, and whatever it is, the process is ending.
  @SuppressWarnings("IllegalCatch")
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      log.warn("the server of metrics did not end in good order: {}", e.toString());
    }
    tracing.close();
    garbage.close();
    registry.close();
  }
}
