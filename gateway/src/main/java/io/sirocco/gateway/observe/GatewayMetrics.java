package io.sirocco.gateway.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.gateway.refusal.HttpFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All that one gateway measures, but for its Kafka clients. No label names a user, a key or a path.
 *
 * <p>Thread-safe.
 *
 * <p>Source: OpenTelemetry, semantic conventions for HTTP metrics.
 */
public final class GatewayMetrics implements AutoCloseable {
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");
  private static final String OTHER_METHOD = "_OTHER";
  private static final String STREAM = "stream";

  private final MeterRegistry registry;
  private final LongSupplier nanoTime;
  private final Timer firstToken;
  private final Counter resumed;
  private final Counter heartbeats;
  private final List<Meter> gauges = new ArrayList<>();

  /** @param nanoTime a clock like {@link System#nanoTime} */
  public GatewayMetrics(MeterRegistry registry, LongSupplier nanoTime) {
    this.registry = registry;
    this.nanoTime = nanoTime;
    firstToken = Timer.builder("sirocco.gateway.time.to.first.token")
        .description("From the first byte of a request to its answer's first token on its way")
        .register(registry);
    resumed = Counter.builder("sirocco.gateway.streams.resumed")
        .description("Streams that went on behind an event that their reader had seen")
        .register(registry);
    heartbeats = Counter.builder("sirocco.gateway.heartbeats")
        .description("Comments written to streams that were silent for long")
        .register(registry);
    // A rate begins with a 0, or the first one is lost.
    for (Outcome outcome : Outcome.values()) {
      answers(true, outcome);
      answers(false, outcome);
    }
    for (ErrorCode code : ErrorCode.values()) {
      errors(code.code());
    }
    for (HttpFault fault : HttpFault.values()) {
      errors(fault.code());
    }
    errors(null);
  }

  private Counter answers(boolean stream, Outcome outcome) {
    return Counter.builder("sirocco.gateway.answers")
        .tags(STREAM, Boolean.toString(stream), "outcome", outcome.label())
        .description("Requests for answers, by what became of them")
        .register(registry);
  }

  private Counter errors(@Nullable String code) {
    return Counter.builder("sirocco.gateway.errors")
        .tag("error_type", ErrorTypes.of(code))
        .description("Errors told to callers, instead of a response or in the middle of a stream")
        .register(registry);
  }

  /** Returns what is measured of a request whose first byte came at {@code beganNanos}. */
  public RequestMeasure begin(@Nullable String method, long beganNanos) {
    return new RequestMeasure(
        this, method != null && METHODS.contains(method) ? method : OTHER_METHOD, beganNanos);
  }

  /** Shows how many answers are open now: read as streams, waited for as a whole, read by nobody. */
  public void show(IntSupplier streams, IntSupplier wholes, IntSupplier unread) {
    String open = "sirocco.gateway.open.answers";
    String description = "Answers that somebody reads or waits for";
    gauge(open, description, Tags.of(STREAM, "true"), streams);
    gauge(open, description, Tags.of(STREAM, "false"), wholes);
    gauge(
        "sirocco.gateway.background.answers",
        "Answers that go on without a reader",
        Tags.empty(),
        unread);
  }

  private void gauge(String name, String description, Tags tags, IntSupplier value) {
    gauges.add(Gauge.builder(name, value::getAsInt)
        .tags(tags)
        .description(description)
        .register(registry));
  }

  void ended(String method, String route, int status, long beganNanos) {
    Timer.builder("http.server.request.duration")
        .tags(
            "http.request.method", method,
            "http.route", route,
            "http.response.status_code", status == 0 ? "" : Integer.toString(status))
        .description("From the first byte of a request to the last of its response")
        .register(registry)
        .record(since(beganNanos), TimeUnit.NANOSECONDS);
  }

  void answered(boolean stream, Outcome outcome) {
    answers(stream, outcome).increment();
  }

  void failed(@Nullable String code) {
    errors(code).increment();
  }

  void firstToken(long beganNanos) {
    firstToken.record(since(beganNanos), TimeUnit.NANOSECONDS);
  }

  void resumed() {
    resumed.increment();
  }

  void heartbeat() {
    heartbeats.increment();
  }

  private long since(long beganNanos) {
    return Math.max(0, nanoTime.getAsLong() - beganNanos);
  }

  /** Shows nothing more of what is open; what was counted stays. */
  @Override
  public void close() {
    gauges.forEach(registry::remove);
  }
}
