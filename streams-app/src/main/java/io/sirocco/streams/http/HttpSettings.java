package io.sirocco.streams.http;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where usage is served: on this machine, or anywhere with a token.
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
  /** The names by which a machine reaches itself, and nobody else does. */
  private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

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
    if (token == null && !isThisMachine(host)) {
      throw new IllegalArgumentException(
          "expected a token where others can listen, found none for the address " + host);
    }
  }

  /** Whether nobody but this machine can ask at an address. */
  public static boolean isThisMachine(String host) {
    return LOCAL_NAMES.contains(host);
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
