package io.sirocco.streams.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands before everything else: says what the page may do, and lets nobody in who has not got the
 * token. The page itself, which shows nothing without an answer, needs none.
 *
 * <p>Without a token only this machine can be listened to, and there any page of a browser could ask
 * under a name of its own that leads to this machine: so the name that is asked for must be one of
 * this machine's.
 *
 * <p>Thread-safe.
 */
final class Guard extends Handler.Wrapper {
  private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
      + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
      + " frame-ancestors 'none'";

  private final byte @Nullable [] authorization;
  private final boolean localOnly;

  Guard(Handler next, HttpSettings settings) {
    super(next);
    authorization =
        settings.token() == null ? null : ("Bearer " + settings.token()).getBytes(UTF_8);
    // A proxy in front of it may keep the name that it was asked for; then the token protects.
    localOnly = settings.token() == null;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    HttpFields.Mutable headers = response.getHeaders();
    headers.put("Content-Security-Policy", POLICY);
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    if (localOnly && !isThisMachine(Request.getServerName(request))) {
      Response.writeError(request, response, callback, 421, "expected this machine's name as host");
      return true;
    }
    if (isProtected(Request.getPathInContext(request)) && !isAuthorized(request)) {
      headers.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
      Response.writeError(request, response, callback, 401, "expected a bearer token");
      return true;
    }
    return super.handle(request, response, callback);
  }

  private static boolean isThisMachine(@Nullable String name) {
    return name != null && HttpSettings.isThisMachine(name);
  }

  private static boolean isProtected(String path) {
    return path.startsWith("/api/") || path.startsWith("/internal/");
  }

  private boolean isAuthorized(Request request) {
    String sent = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return authorization == null
        // In the same time wherever they differ.
        || (sent != null && MessageDigest.isEqual(authorization, sent.getBytes(UTF_8)));
  }
}
