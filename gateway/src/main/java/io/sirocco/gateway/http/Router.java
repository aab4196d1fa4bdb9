package io.sirocco.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.client.SiroccoException;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.gateway.auth.Caller;
import io.sirocco.gateway.observe.GatewayMetrics;
import io.sirocco.gateway.refusal.HttpFault;
import io.sirocco.gateway.refusal.Refusal;
import io.sirocco.gateway.refusal.RefusedException;
import io.sirocco.gateway.settings.GatewaySettings;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what is asked, and by whom; whatever goes wrong becomes an error in OpenAI's form.
 *
 * <p>Thread-safe.
 */
final class Router extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final List<String> PREFIXES = List.of("/v1/openai/", "/v1/");
  private static final String COMPLETIONS = "chat/completions";
  private static final String CANCEL = "/cancel";

  /** Of those that nobody needs to be known for. */
  private static final Set<String> PUBLIC = Set.of("/health", "/ready", "/openapi.json");

  private final Map<String, ChatRoute> providers;
  private final ChatRoute openAi;
  private final ReadRoute reading;
  private final Models models;
  private final Doorkeeper door;
  private final Bodies bodies;
  private final BooleanSupplier ready;
  private final BooleanSupplier closing;
  private final byte[] openApi;
  private final GatewayMetrics metrics;

  /** A path that is known: how it is asked, what answers, and what all such paths have in common. */
  private record Target(String method, Route route, boolean formEncoded, String template) {
    Target under(String prefix) {
      return new Target(method, route, formEncoded, prefix + template);
    }
  }

  /**
   * @param openAi what answers under /v1
   * @param providers what answers elsewhere, by path
   * @param ready whether requests can be answered now
   * @param closing whether the gateway ends
   */
  Router(
      ChatRoute openAi,
      Map<String, ChatRoute> providers,
      ReadRoute reading,
      Models models,
      Doorkeeper door,
      GatewaySettings.Limits limits,
      BooleanSupplier ready,
      BooleanSupplier closing,
      byte[] openApi,
      GatewayMetrics metrics) {
    this.openAi = openAi;
    this.providers = Map.copyOf(providers);
    this.reading = reading;
    this.models = models;
    this.door = door;
    this.bodies = new Bodies(limits);
    this.ready = ready;
    this.closing = closing;
    this.openApi = openApi;
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Exchange exchange =
        new Exchange(request, response, callback, ErrorPages.measure(metrics, request));
    attempt(exchange, () -> route(exchange, request));
    return true;
  }

  @FunctionalInterface
  private interface Step {
    void run() throws InvalidRequestException;
  }

  // A fault of one request must not end more than that request.
  @SuppressWarnings("IllegalCatch")
  private static void attempt(Exchange exchange, Step step) {
    try {
      step.run();
    } catch (RefusedException e) {
      exchange.refuse(e.refusal());
    } catch (InvalidRequestException e) {
      exchange.refuse(Refusal.of(e));
    } catch (SiroccoException e) {
      exchange.refuse(Refusal.ofFailure(e));
    } catch (RuntimeException e) {
      LOG.error("a request failed", e);
      exchange.refuse(Refusal.serverFault());
    }
  }

  private void route(Exchange exchange, Request request) throws InvalidRequestException {
    String path = request.getHttpURI().getCanonicalPath();
    if (path == null) {
      throw new RefusedException(Refusal.notFound("expected a path, found none"));
    }
    if (PUBLIC.contains(path)) {
      exchange.measure().route(path);
      tellAnybody(exchange, path);
      return;
    }
    Optional<Target> asked = target(path);
    // Before anybody is refused, who then counts for this route.
    asked.ifPresent(known -> exchange.measure().route(known.template()));
    Caller caller = door.admit(exchange);
    Target target = asked.orElseThrow(() ->
        new RefusedException(Refusal.notFound("expected a path of /openapi.json, found another")));
    if (!request.getMethod().equals(target.method())) {
      exchange.header("Allow", target.method());
      throw new RefusedException(
          Refusal.of(HttpFault.METHOD_NOT_ALLOWED, "expected the method " + target.method()));
    }
    if (closing.getAsBoolean()) {
      exchange.header("Connection", "close");
      throw new RefusedException(Refusal.unavailable("this gateway ends; ask another one"));
    }
    if (target.method().equals("GET")) {
      target.route().answer(exchange, caller, new byte[0]);
    } else {
      bodies.read(
          exchange,
          target.formEncoded(),
          body -> attempt(exchange, () -> target.route().answer(exchange, caller, body)));
    }
  }

  private void tellAnybody(Exchange exchange, String path) {
    switch (path) {
      case "/health" -> exchange.answer(200, Map.of("status", "alive"));
      case "/ready" -> {
        if (ready.getAsBoolean() && !closing.getAsBoolean()) {
          exchange.answer(200, Map.of("status", "ready"));
        } else {
          exchange.refuse(Refusal.unavailable("expected brokers, found none; or the gateway ends"));
        }
      }
      default -> exchange.answer(200, openApi);
    }
  }

  private Optional<Target> target(String path) {
    ChatRoute provider = providers.get(path);
    if (provider != null) {
      return Optional.of(new Target("POST", provider, true, path));
    }
    if (path.equals("/info")) {
      return get(path, (exchange, caller, body) -> models.info(exchange, caller));
    }
    return PREFIXES.stream()
        .filter(path::startsWith)
        .findFirst()
        .flatMap(prefix ->
            underPrefix(path.substring(prefix.length())).map(target -> target.under(prefix)));
  }

  private Optional<Target> underPrefix(String path) {
    if (path.equals(COMPLETIONS)) {
      return post(path, openAi);
    } else if (path.equals("models")) {
      return get(path, (exchange, caller, body) -> models.list(exchange, caller));
    } else if (path.startsWith("models/")) {
      // Names of models may have slashes.
      String name = decoded(path.substring("models/".length()));
      return get("models/{name}", (exchange, caller, body) -> models.one(exchange, caller, name));
    } else if (path.startsWith(COMPLETIONS + "/")) {
      return ofCompletion(path.substring(COMPLETIONS.length() + 1));
    }
    return Optional.empty();
  }

  private Optional<Target> ofCompletion(String rest) {
    boolean cancels = rest.endsWith(CANCEL);
    String id = cancels ? rest.substring(0, rest.length() - CANCEL.length()) : rest;
    if (id.isEmpty() || id.indexOf('/') >= 0) {
      return Optional.empty();
    }
    String decoded = decoded(id);
    String template = COMPLETIONS + "/{id}";
    return cancels
        ? post(
            template + CANCEL,
            (exchange, caller, body) -> reading.cancel(exchange, caller, decoded))
        : get(template, (exchange, caller, body) -> reading.answer(exchange, caller, decoded));
  }

  private static Optional<Target> get(String template, Route route) {
    return Optional.of(new Target("GET", route, false, template));
  }

  private static Optional<Target> post(String template, Route route) {
    return Optional.of(new Target("POST", route, false, template));
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Refusal.of(HttpFault.INVALID_PATH, "expected a path that can be decoded"));
    }
  }
}
