package io.sirocco.gateway.http;

import io.sirocco.gateway.refusal.HttpFault;
import io.sirocco.gateway.refusal.Refusal;
import io.sirocco.gateway.settings.GatewaySettings;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of requests, none larger and none for longer than they may be. No thread waits for
 * a body.
 *
 * <p>Thread-safe.
 */
final class Bodies {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final GatewaySettings.Limits limits;

  Bodies(GatewaySettings.Limits limits) {
    this.limits = limits;
  }

  /**
   * Reads a body and hands it to {@code then}, on the thread that read its last byte and may block, or
   * says what is wrong.
   *
   * @param formEncoded whether a body may be called a form, as curl calls it unless told otherwise
   */
  void read(Exchange exchange, boolean formEncoded, Consumer<byte[]> then) {
    Request request = exchange.request();
    if (request.getLength() != 0 && !isJson(exchange.header("Content-Type"), formEncoded)) {
      exchange.refuse(
          Refusal.of(HttpFault.UNSUPPORTED_MEDIA_TYPE, "expected Content-Type: application/json"));
      return;
    }
    if (exchange.header("Content-Encoding") != null) {
      exchange.refuse(
          Refusal.of(HttpFault.UNSUPPORTED_MEDIA_TYPE, "expected a body without Content-Encoding"));
      return;
    }
    if (request.getLength() > limits.bodyBytes()) {
      exchange.refuse(tooLarge());
      return;
    }
    AtomicBoolean decided = new AtomicBoolean();
    var late = request
        .getComponents()
        .getScheduler()
        .schedule(
            () -> {
              if (!decided.getAndSet(true)) {
                exchange.refuse(timedOut());
              }
            },
            limits.requestTime().toMillis(),
            TimeUnit.MILLISECONDS);
    Content.Source.asByteArrayAsync(
        request,
        limits.bodyBytes(),
        Promise.Invocable.from(InvocationType.BLOCKING, (body, fault) -> {
          late.cancel();
          if (decided.getAndSet(true)) {
            return; // Nobody would be told of the answer.
          }
          if (fault == null) {
            exchange.bodyRead();
            then.accept(body);
          } else {
            exchange.refuse(refusal(fault));
          }
        }));
  }

  private static boolean isJson(@Nullable String type, boolean formEncoded) {
    if (type == null) {
      return true;
    }
    int semicolon = type.indexOf(';');
    String media =
        (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    return media.equals(JSON) || media.endsWith("+json") || (formEncoded && media.equals(FORM));
  }

  private Refusal refusal(Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    if (cause instanceof TimeoutException) {
      return timedOut();
    } else if (cause instanceof HttpException http) {
      return Refusal.of(http.getCode(), HttpFault.INVALID_BODY, "expected a body that can be read");
    } else if (cause instanceof IllegalStateException) {
      return tooLarge();
    }
    return Refusal.of(HttpFault.INVALID_BODY, "expected a body that can be read");
  }

  private Refusal tooLarge() {
    return Refusal.of(
        HttpFault.REQUEST_TOO_LARGE, "expected a body of at most " + limits.bodyBytes() + " bytes");
  }

  private Refusal timedOut() {
    return Refusal.of(
        HttpFault.REQUEST_TIMEOUT,
        "expected the body within " + limits.requestTime().toSeconds() + " seconds");
  }
}
