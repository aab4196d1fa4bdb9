package io.sirocco.gateway.http;

import static java.util.Objects.requireNonNull;

import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SiroccoException;
import io.sirocco.gateway.auth.KeyRing;
import io.sirocco.gateway.auth.Places;
import io.sirocco.gateway.form.AzureForm;
import io.sirocco.gateway.form.BasetenForm;
import io.sirocco.gateway.form.OpenAiForm;
import io.sirocco.gateway.form.RequestForm;
import io.sirocco.gateway.form.TrussForm;
import io.sirocco.gateway.observe.GatewayMetrics;
import io.sirocco.gateway.refusal.Refusal;
import io.sirocco.gateway.settings.GatewaySettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.eclipse.jetty.util.HostPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves answers over HTTP.
 *
 * <p>Thread-safe.
 */
public final class GatewayServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);
  private static final Map<String, RequestForm> PROVIDERS = Map.of(
      "/chat/completions", new AzureForm(),
      "/predict", new TrussForm(),
      "/production/predict", new BasetenForm());
  private static final Duration LOOK = Duration.ofMillis(50);

  private final GatewaySettings settings;
  private final Listener listener;
  private final OpenAnswers open;
  private final Readiness readiness;
  private volatile boolean closing;

  /**
   * Begins to listen.
   *
   * @param metrics takes what is measured
   * @throws UncheckedIOException when the port cannot be had, or the keys cannot be read
   */
  public GatewayServer(GatewaySettings settings, SiroccoClient client, GatewayMetrics metrics) {
    this.settings = settings;
    GatewaySettings.Limits limits = settings.limits();
    KeyRing keys = keys(settings);
    this.listener = Listener.open(settings);
    this.readiness = new Readiness(() -> isThere(client));
    this.open = new OpenAnswers(List.of(keys::refresh, listener::endLate));
    Readers readers = new Readers(open, limits, settings.replyRetention());
    Places places = new Places(limits.streams());
    KafkaCalls kafka = new KafkaCalls(Listener.MOST_THREADS / 2);
    Models models = new Models(client, kafka);
    ChosenIds ids = new ChosenIds(settings.replyTopics());
    Function<RequestForm, ChatRoute> route =
        form -> new ChatRoute(form, client, models, readers, places, kafka, ids);
    Map<String, ChatRoute> providers = new LinkedHashMap<>();
    PROVIDERS.forEach((path, form) -> providers.put(path, route.apply(form)));
    Router router = new Router(
        route.apply(new OpenAiForm()),
        providers,
        new ReadRoute(client, readers, places, kafka, ids),
        models,
        new Doorkeeper(settings.needsKeys(), keys),
        limits,
        readiness::isReady,
        () -> closing,
        openApi(),
        metrics);
    metrics.show(open::streams, open::wholes, places::unread);
    listener.start(router, new ErrorPages(metrics));
    readiness.start();
  }

  private static KeyRing keys(GatewaySettings settings) {
    try {
      return new KeyRing(settings.keys(), settings.keyFile());
    } catch (IOException e) {
      throw new UncheckedIOException("expected a file of API keys, found: " + e, e);
    }
  }

  private static boolean isThere(SiroccoClient client) {
    try {
      client.models();
      return true;
    } catch (SiroccoException e) {
      LOG.debug("not ready: {}", e.toString());
      return false;
    }
  }

  private static byte[] openApi() {
    try (InputStream file = requireNonNull(
        GatewayServer.class.getResourceAsStream("/io/sirocco/gateway/openapi.json"))) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients of OpenAI's form find it; ends in {@code /v1}. */
  public URI address() {
    String host = settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
    String scheme = settings.tlsKeyStore() == null ? "http" : "https";
    return URI.create(
        scheme + "://" + HostPort.normalizeHost(host) + ":" + listener.port() + "/v1");
  }

  /** Whether requests can be answered now. */
  public boolean isReady() {
    return readiness.isReady() && !closing;
  }

  /**
   * Takes no more requests, lets open answers go on for the grace, and ends the rest with a hint to
   * read on elsewhere.
   */
  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    awaitEnd(settings.limits().grace());
    open.end(Refusal.unavailable("this gateway ends; read the answer on at another one"));
    awaitEnd(Duration.ofSeconds(1));
    open.close();
    readiness.close();
    listener.close();
  }

  private void awaitEnd(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!open.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK.toMillis()));
    }
  }
}
