package io.sirocco.embedded.observe;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends what a process traces to a receiver, in batches, on a thread of its own; what the receiver does
 * not take is lost.
 *
 * <p>Thread-safe.
 */
final class Tracing implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(5);

  private final Optional<SdkTracerProvider> provider;

  private Tracing(Optional<SdkTracerProvider> provider) {
    this.provider = provider;
  }

  /** Begins to send what {@code service} traces, if that is wanted. */
  static Tracing open(String service, String version, TracingSettings settings) {
    return new Tracing(settings
        .endpoint()
        .map(endpoint -> SdkTracerProvider.builder()
            .setResource(Resource.getDefault()
                .merge(Resource.create(Attributes.builder()
                    .put("service.name", "sirocco-" + service)
                    .put("service.version", version)
                    .build())))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.percent() / 100.0)))
            .addSpanProcessor(BatchSpanProcessor.builder(
                    OtlpHttpSpanExporter.builder().setEndpoint(endpoint).build())
                .build())
            .build()));
  }

  /** Takes spans; empty when nothing is traced. */
  Optional<Tracer> tracer() {
    return provider.map(each -> each.get("io.sirocco"));
  }

  /** Sends what is left. */
  @Override
  public void close() {
    provider.ifPresent(each -> each.shutdown().join(END.toMillis(), TimeUnit.MILLISECONDS));
  }
}
