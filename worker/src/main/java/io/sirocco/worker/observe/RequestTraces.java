package io.sirocco.worker.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.intake.RequestTelemetry;
import io.sirocco.worker.observe.Timeline.Times;
import io.sirocco.worker.reply.AnswerTotals;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Tells each request that was closed as a span, in the trace that its record names, with one span each for
 * the parts of its way: {@code queue}, {@code prefill}, {@code decode}, {@code publish} and {@code
 * close}. They are made when all is over: until then there are only times. What is let go of is told by
 * whoever goes on with it.
 *
 * <p>Thread-safe.
 *
 * <p>Source: OpenTelemetry, semantic conventions for generative AI spans and for Kafka.
 */
final class RequestTraces implements RequestTelemetry {
  /** What is neither of these was not answered, whatever a reply log calls it. */
  private static final Set<String> FINISHES = Set.of("stop", "length");

  private final Tracer tracer;
  private final String model;
  private final LongSupplier epochNanos;

  /** Those that are let go of are forgotten with their records, which are compared by identity. */
  private final Map<ConsumerRecord<String, byte[]>, Timeline> timelines =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * @param epochNanos the time in nanoseconds since the epoch
   */
  RequestTraces(Tracer tracer, String model, LongSupplier epochNanos) {
    this.tracer = tracer;
    this.model = model;
    this.epochNanos = epochNanos;
  }

  @Override
  public GenerationListener follow(
      ConsumerRecord<String, byte[]> request, int resumedTokens, GenerationListener listener) {
    return new TracedGeneration(listener, timeline(request));
  }

  private Timeline timeline(ConsumerRecord<String, byte[]> request) {
    return timelines.computeIfAbsent(request, unseen -> new Timeline(epochNanos));
  }

  @Override
  public void closed(
      ConsumerRecord<String, byte[]> request,
      long takenMillis,
      AnswerTotals totals,
      boolean isDeadLetter) {
    timeline(request).closed(totals);
  }

  @Override
  public void committed(ConsumerRecord<String, byte[]> request) {
    Timeline timeline = timelines.remove(request);
    Times times = timeline == null ? null : timeline.committed();
    if (times != null) {
      tell(request, times);
    }
  }

  private void tell(ConsumerRecord<String, byte[]> request, Times times) {
    long requested =
        Math.min(TimeUnit.MILLISECONDS.toNanos(Math.max(0, request.timestamp())), times.closed());
    Span whole = span("chat " + model, parent(request), requested, SpanKind.CONSUMER);
    describe(whole, request, times.totals());
    Context inWhole = Context.root().with(whole);
    part(inWhole, "queue", requested, times.admitted());
    part(inWhole, "prefill", times.admitted(), times.firstToken());
    part(inWhole, "decode", times.firstToken(), times.lastToken());
    part(inWhole, "publish", times.lastToken(), times.closed());
    part(inWhole, "close", times.closed(), times.committed());
    whole.end(times.committed(), TimeUnit.NANOSECONDS);
  }

  private static Context parent(ConsumerRecord<String, byte[]> request) {
    return W3CTraceContextPropagator.getInstance()
        .extract(Context.root(), request, HeaderGetter.INSTANCE);
  }

  private Span span(String name, Context parent, long beginNanos, SpanKind kind) {
    return tracer
        .spanBuilder(name)
        .setParent(parent)
        .setSpanKind(kind)
        .setStartTimestamp(beginNanos, TimeUnit.NANOSECONDS)
        .startSpan();
  }

  /** Of a request that failed, or was gone on with, some parts never were. */
  private void part(Context whole, String name, long begin, long end) {
    if (begin > 0 && end >= begin) {
      span(name, whole, begin, SpanKind.INTERNAL).end(end, TimeUnit.NANOSECONDS);
    }
  }

  private void describe(Span span, ConsumerRecord<String, byte[]> request, AnswerTotals totals) {
    span.setAttribute("gen_ai.operation.name", "chat");
    span.setAttribute("gen_ai.provider.name", "sirocco");
    span.setAttribute("gen_ai.request.model", model);
    span.setAttribute("gen_ai.usage.input_tokens", totals.promptTokens());
    span.setAttribute("gen_ai.usage.output_tokens", totals.completionTokens());
    span.setAttribute("gen_ai.usage.cache_read.input_tokens", totals.cachedTokens());
    span.setAttribute("messaging.system", "kafka");
    span.setAttribute("messaging.destination.name", request.topic());
    span.setAttribute("messaging.destination.partition.id", Integer.toString(request.partition()));
    span.setAttribute("messaging.kafka.offset", request.offset());
    if (FINISHES.contains(totals.outcome())) {
      span.setAttribute(
          AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of(totals.outcome()));
    } else {
      span.setAttribute("error.type", RequestMetrics.errorType(totals.outcome()));
      span.setStatus(StatusCode.ERROR);
    }
    Header id = request.headers().lastHeader(Headers.REQUEST_ID);
    if (id != null) {
      span.setAttribute("sirocco.request.id", new String(id.value(), UTF_8));
    }
  }
}
