package io.sirocco.streams.http;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Where usage is served.
 *
 * <p>Immutable.
 *
 * @param host the address to listen on
 * @param port the port, or 0 for any free one
 * @param token what a caller must send as bearer token; null for none
 * @param advertised where other instances reach this one, as {@code host:port}; null for the address
 *     it listens on
 */
public record HttpSettings(
    String host, int port, @Nullable String token, @Nullable String advertised) {
  /** This machine alone, on any free port, without a token. */
  public static final HttpSettings LOCAL = new HttpSettings("127.0.0.1", 0, null, null);

  public HttpSettings {
    requireNonNull(host, "host");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("expected a port from 0 to 65535, found " + port);
    }
    if (token != null && token.isEmpty()) {
      throw new IllegalArgumentException("expected a token of at least one character");
    }
  }

  /** Returns these settings with another port. */
  public HttpSettings withPort(int other) {
    return new HttpSettings(host, other, token, advertised);
  }

  /** Says everything but the token. */
  @Override
  public String toString() {
    return "HttpSettings[host=%s, port=%d, advertised=%s]".formatted(host, port, advertised);
  }
}
