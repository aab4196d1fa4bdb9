package io.sirocco.gateway.http;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.gateway.observe.RequestMeasure;
import io.sirocco.gateway.refusal.HttpFault;
import io.sirocco.gateway.refusal.Refusal;
import io.sirocco.gateway.refusal.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, which is written once, whole or in pieces.
 *
 * <p>Thread-safe; pieces are written one after the other.
 */
final class Exchange {
  private static final JsonCodec CODEC = new JsonCodec();
  private static final int LOOK_BYTES = 1024;

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final RequestMeasure measure;
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile boolean bodyRead;

  Exchange(Request request, Response response, Callback callback, RequestMeasure measure) {
    this.request = request;
    this.response = response;
    this.callback = measured(response, callback, measure);
    this.measure = measure;
  }

  /** The response is the server's own again once it is complete: before, it is looked at. */
  private static Callback measured(Response response, Callback callback, RequestMeasure measure) {
    return Callback.from(
        callback.getInvocationType(),
        () -> {
          measure.ended(response.getStatus(), true);
          callback.succeeded();
        },
        fault -> {
          measure.ended(response.isCommitted() ? response.getStatus() : 0, false);
          callback.failed(fault);
        });
  }

  Request request() {
    return request;
  }

  /** Is told what happens to the request. */
  RequestMeasure measure() {
    return measure;
  }

  /** The value of a header, or null. */
  @Nullable
  String header(String name) {
    return request.getHeaders().get(name);
  }

  /** The value of a parameter of the query, or null. */
  @SuppressWarnings("IllegalCatch") // See below.
  @Nullable
  String parameter(String name) {
    try {
      Fields.Field field =
          Request.extractQueryParameters(request, StandardCharsets.UTF_8).get(name);
      return field == null ? null : field.getValue();
    } catch (RuntimeException e) {
      // Jetty says in several ways that it cannot be decoded.
      throw new RefusedException(
          Refusal.of(HttpFault.INVALID_QUERY, "expected a query that can be decoded"));
    }
  }

  /** Whether this call may begin the response: it is begun once. */
  boolean begin() {
    return !answered.getAndSet(true);
  }

  void header(String name, String value) {
    response.getHeaders().put(name, value);
  }

  /** The body was read to its end. */
  void bodyRead() {
    bodyRead = true;
  }

  /** Writes a whole response, unless there is one already. */
  void answer(int status, byte[] json) {
    if (begin()) {
      whole(status, "application/json", json);
    }
  }

  /** Says why there is no answer, unless there is one already. */
  void refuse(Refusal refusal) {
    if (begin()) {
      refuseBegun(refusal);
    }
  }

  /** Says why there is no answer, in a response that this caller has begun and not written to. */
  void refuseBegun(Refusal refusal) {
    measure.failed(refusal.code());
    if (refusal.retrySeconds() != null) {
      header(HttpHeader.RETRY_AFTER.asString(), String.valueOf(refusal.retrySeconds()));
    }
    whole(refusal.status(), "application/json", CODEC.writeBytes(refusal.body()));
  }

  private boolean leavesBody() {
    HttpFields headers = request.getHeaders();
    return !bodyRead
        && (headers.contains(HttpHeader.TRANSFER_ENCODING)
            || headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0);
  }

  /** Writes a whole response that this caller has begun. */
  void whole(int status, String type, byte[] body) {
    open(status, type);
    header(HttpHeader.CACHE_CONTROL.asString(), "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private void open(int status, String type) {
    response.setStatus(status);
    header(HttpHeader.CONTENT_TYPE.asString(), type);
    if (leavesBody()) {
      // The server closes the connection then; a client that is not told sends its next request on
      // it.
      header(HttpHeader.CONNECTION.asString(), "close");
    }
  }

  /** Sets what the response of a stream begins with; its first piece sends it. */
  void openStream(String type) {
    open(200, type);
    header(HttpHeader.CACHE_CONTROL.asString(), "no-cache");
    // Proxies of the nginx kind hold answers back otherwise.
    header("X-Accel-Buffering", "no");
  }

  /** Writes the next piece; {@code done} is told null, or why it could not be written. */
  void piece(byte[] bytes, boolean last, Consumer<@Nullable Throwable> done) {
    response.write(last, ByteBuffer.wrap(bytes), Callback.from(() -> done.accept(null), done));
  }

  /** The response is complete. */
  void complete() {
    callback.succeeded();
  }

  /** The response ends before it is complete: the reader sees a connection that breaks off. */
  void breakOff(Throwable why) {
    request.getConnectionMetaData().getConnection().getEndPoint().close(why);
    callback.failed(why);
  }

  /**
   * Whether the caller has ended the connection. To be asked after the request was read, when the server
   * reads nothing, and before the response: nothing is written, as clients take any status that comes
   * before it for the answer's.
   */
  boolean isCallerGone() {
    try {
      int read = request
          .getConnectionMetaData()
          .getConnection()
          .getEndPoint()
          .fill(BufferUtil.allocate(LOOK_BYTES));
      if (read > 0) {
        // What is lost with it is a next request, which the client must send again then.
        header(HttpHeader.CONNECTION.asString(), "close");
      }
      return read < 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** A wait without a byte is no fault from now on. */
  void waitPatiently() {
    request.addIdleTimeoutListener(timeout -> false);
  }

  /** Writes {@code members} as JSON, unless there is a response already. */
  void answer(int status, Map<String, ?> members) {
    answer(status, CODEC.writeBytes(members));
  }
}
