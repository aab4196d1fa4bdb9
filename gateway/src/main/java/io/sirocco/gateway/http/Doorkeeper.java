package io.sirocco.gateway.http;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.gateway.auth.Caller;
import io.sirocco.gateway.auth.KeyRing;
import io.sirocco.gateway.refusal.HttpFault;
import io.sirocco.gateway.refusal.Refusal;
import io.sirocco.gateway.refusal.RefusedException;
import io.sirocco.gateway.settings.GatewaySettings;
import java.net.URI;
import java.util.Locale;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who asks.
 *
 * <p>Without keys this machine alone can be listened to, and there any page of a browser could ask
 * under a name of its own that leads to this machine: so the name that is asked for, and the page that
 * asks, must be this machine's.
 *
 * <p>Thread-safe.
 */
final class Doorkeeper {
  private static final String BEARER = "bearer ";
  private static final String API_KEY = "api-key ";
  private static final int LONGEST_USER = 200;

  private final boolean needsKeys;
  private final KeyRing keys;

  Doorkeeper(boolean needsKeys, KeyRing keys) {
    this.needsKeys = needsKeys;
    this.keys = keys;
  }

  /**
   * Returns who asks.
   *
   * @throws RefusedException when nobody knows
   */
  Caller admit(Exchange exchange) {
    if (!needsKeys) {
      requireThisMachine(exchange);
      String user = exchange.header("x-user");
      if (user != null && user.length() > LONGEST_USER) {
        throw new RefusedException(
            Refusal.of(ErrorCode.INVALID_VALUE, "x-user", "expected at most 200 characters"));
      }
      return Caller.ofKeyless(user);
    }
    String key = key(exchange);
    if (key == null) {
      exchange.header("WWW-Authenticate", "Bearer");
      throw new RefusedException(Refusal.of(
          HttpFault.INVALID_API_KEY,
          "expected an API key in Authorization: Bearer KEY, Authorization: Api-Key KEY or"
              + " api-key: KEY, found none"));
    }
    return keys.find(key).orElseThrow(() -> {
      exchange.header("WWW-Authenticate", "Bearer");
      return new RefusedException(Refusal.of(
          HttpFault.INVALID_API_KEY, "expected an API key that is valid, found another"));
    });
  }

  private static @Nullable String key(Exchange exchange) {
    String authorization = exchange.header("Authorization");
    if (authorization != null) {
      String scheme = authorization.toLowerCase(Locale.ROOT);
      for (String known : new String[] {BEARER, API_KEY}) {
        if (scheme.startsWith(known)) {
          return authorization.substring(known.length()).strip();
        }
      }
    }
    return exchange.header("api-key");
  }

  private static void requireThisMachine(Exchange exchange) {
    String name = Request.getServerName(exchange.request());
    if (name == null || !GatewaySettings.isThisMachine(name)) {
      throw new RefusedException(Refusal.of(
          HttpFault.MISDIRECTED_REQUEST, "expected this machine's name as host, found another"));
    }
    String origin = exchange.header("Origin");
    if (origin != null && !isThisMachine(origin)) {
      throw new RefusedException(
          Refusal.of(HttpFault.ORIGIN_NOT_ALLOWED, "expected no page of another site, found one"));
    }
  }

  private static boolean isThisMachine(String origin) {
    try {
      String host = URI.create(origin).getHost();
      return host != null && GatewaySettings.isThisMachine(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
