package io.sirocco.gateway.observe;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of one request: it is told what happens to it, and counts it when it is over.
 *
 * <p>Thread-safe.
 */
public final class RequestMeasure {
  private final GatewayMetrics metrics;
  private final String method;
  private final long beganNanos;
  private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile String route = "";
  private volatile @Nullable Boolean stream;

  RequestMeasure(GatewayMetrics metrics, String method, long beganNanos) {
    this.metrics = metrics;
    this.method = method;
    this.beganNanos = beganNanos;
  }

  /** It is asked of this route, a path in which what differs is a name in braces. */
  public void route(String template) {
    route = template;
  }

  /** It asks for an answer, as a stream or as a whole. */
  public void asks(boolean asStream) {
    stream = asStream;
  }

  /** It goes on behind an event that its reader has seen. */
  public void resumes() {
    metrics.resumed();
  }

  /** The first token of its answer is on its way. */
  public void firstToken() {
    metrics.firstToken(beganNanos);
  }

  /** Its reader was told that all is well. */
  public void heartbeat() {
    metrics.heartbeat();
  }

  /** Its caller was told an error of that code. */
  public void failed(@Nullable String code) {
    metrics.failed(code);
    becomes(Outcome.ERROR);
  }

  /** This becomes of its answer; what is told first counts. */
  public void becomes(Outcome what) {
    outcome.compareAndSet(null, what);
  }

  /**
   * It is over; once.
   *
   * @param status of its response; 0: there was none
   * @param arrived whether all of the response was written
   */
  public void ended(int status, boolean arrived) {
    if (ended.getAndSet(true)) {
      return;
    }
    metrics.ended(method, route, status, beganNanos);
    becomes(arrived ? Outcome.COMPLETE : Outcome.LEFT);
    Boolean asked = stream;
    Outcome became = outcome.get();
    if (asked != null && became != null) {
      metrics.answered(asked, became);
    }
  }
}
