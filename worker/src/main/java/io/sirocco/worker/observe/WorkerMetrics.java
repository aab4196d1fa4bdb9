package io.sirocco.worker.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.opentelemetry.api.trace.Tracer;
import io.sirocco.worker.closing.ClosingProducer;
import io.sirocco.worker.intake.IntakeStanding;
import io.sirocco.worker.intake.RequestTelemetry;
import io.sirocco.worker.reply.ReplyWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * All that one worker measures, but for its engine, which measures itself under the same labels.
 *
 * <p>Thread-safe, but for the wiring.
 */
public final class WorkerMetrics implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  private final MeterRegistry registry;
  private final Tags tags;
  private final RequestMetrics requests;
  private final RequestTelemetry telemetry;
  private final ClosingMetrics closings;
  private final List<KafkaClientMetrics> clients = new ArrayList<>();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "metrics");
        thread.setDaemon(true);
        return thread;
      });

  /**
   * Begins to measure a worker of {@code model}; in the order in which their models are loaded.
   *
   * @param tracer is told of each request; empty: nothing is traced
   */
  public WorkerMetrics(MeterRegistry registry, Optional<Tracer> tracer, String model) {
    this.registry = registry;
    this.tags = EngineTags.next(registry, model, "sirocco.e2e.request.latency");
    Tags genAi = Tags.of(
        "gen_ai.operation.name", "chat",
        "gen_ai.provider.name", "sirocco",
        "gen_ai.request.model", model);
    requests = new RequestMetrics(registry, tags, genAi, InstantSource.system(), System::nanoTime);
    telemetry = tracer
        .<RequestTelemetry>map(to ->
            new BothTelemetries(requests, new RequestTraces(to, model, WorkerMetrics::epochNanos)))
        .orElse(requests);
    closings = new ClosingMetrics(registry, tags, System::nanoTime);
  }

  private static long epochNanos() {
    Instant now = InstantSource.system().instant();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** The labels of this worker. */
  public Tags tags() {
    return tags;
  }

  /** Hears what becomes of requests. */
  public RequestTelemetry requests() {
    return telemetry;
  }

  /** Returns a writer that does what {@code writer} does, and is measured. */
  public ReplyWriter measure(ReplyWriter writer) {
    return new MeasuredReplyWriter(writer, registry, tags, System::nanoTime);
  }

  /** Returns a producer that does what {@code producer} does, and is measured. */
  public ClosingProducer measure(ClosingProducer producer) {
    return closings.measure(producer);
  }

  /** Shows what Kafka measures of {@code consumer} and {@code producer}. */
  public void show(Consumer<?, ?> consumer, Producer<?, ?> producer) {
    clients.add(new KafkaClientMetrics(consumer, tags, looks));
    clients.add(new KafkaClientMetrics(producer, tags, looks));
    clients.forEach(client -> client.bindTo(registry));
  }

  /** Looks from now on how far the worker is behind; after the engine has begun to measure itself. */
  public void follow(Supplier<IntakeStanding> standing, Admin admin) {
    LagMetrics lag = new LagMetrics(
        admin,
        standing,
        () -> registry
            .get("sirocco.model.forward.time")
            .tags(tags)
            .timer()
            .totalTime(TimeUnit.SECONDS),
        requests::closedRequests,
        InstantSource.system());
    lag.bindTo(registry, tags);
    var unused =
        looks.scheduleWithFixedDelay(lag::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Measures nothing more, and takes the worker's meters out of the registry. */
  @Override
  public void close() {
    looks.shutdownNow();
    clients.forEach(KafkaClientMetrics::close);
    EngineTags.remove(registry, tags, LoadMetrics.NAMES);
  }
}
