package io.sirocco.worker.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.intake.RequestTelemetry;
import io.sirocco.worker.reply.AnswerTotals;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What becomes of requests, and how long it takes.
 *
 * <p>Thread-safe.
 */
final class RequestMetrics implements RequestTelemetry {
  private static final long OLDEST_MILLIS = Duration.ofDays(3650).toMillis();
  private static final String ERROR_TYPE = "error_type";

  /** Of a code that is none of ours: whoever may write to a reply log may write anything. */
  private static final String OTHER = "_OTHER";

  private final MeterRegistry registry;
  private final Tags genAi;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final GenerationTimers generations;
  private final Timer endToEnd;
  private final DistributionSummary promptTokens;
  private final DistributionSummary generationTokens;
  private final Map<String, Counter> successes = new TreeMap<>();
  private final Map<String, Counter> failures = new TreeMap<>();
  private final Map<String, Counter> deadLetters = new TreeMap<>();
  private final LongAdder closed = new LongAdder();

  /**
   * @param tags of the worker
   * @param genAi the labels of OpenTelemetry's conventions
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  RequestMetrics(
      MeterRegistry registry, Tags tags, Tags genAi, InstantSource clock, LongSupplier nanoTime) {
    this.registry = registry;
    this.genAi = genAi;
    this.clock = clock;
    this.nanoTime = nanoTime;
    generations = new GenerationTimers(registry, tags, genAi);
    endToEnd = Timer.builder("sirocco.e2e.request.latency")
        .tags(tags)
        .description("From the request's record to the acknowledgement of the answer's last")
        .register(registry);
    promptTokens = DistributionSummary.builder("sirocco.request.prompt.tokens")
        .tags(tags)
        .description("Tokens of the prompt of a request")
        .register(registry);
    generationTokens = DistributionSummary.builder("sirocco.request.generation.tokens")
        .tags(tags)
        .description("Tokens of all choices of an answer")
        .register(registry);
    duration(""); // A rate begins with a 0, or the first one is lost; so below.
    for (String reason : new String[] {"stop", "length"}) {
      successes.put(
          reason,
          Counter.builder("sirocco.request.success")
              .tags(tags.and("finished_reason", reason))
              .description("Requests that were answered")
              .register(registry));
    }
    for (ErrorCode code : ErrorCode.values()) {
      countErrors(tags, code.code());
    }
    countErrors(tags, OTHER);
  }

  private void countErrors(Tags tags, String code) {
    failures.put(
        code,
        Counter.builder("sirocco.request.failure")
            .tags(tags.and(ERROR_TYPE, code))
            .description("Requests that ended with an error")
            .register(registry));
    deadLetters.put(
        code,
        Counter.builder("sirocco.dead.letters")
            .tags(tags.and(ERROR_TYPE, code))
            .description("Requests kept among the dead letters")
            .register(registry));
  }

  private Timer duration(String errorType) {
    return Timer.builder("gen_ai.server.request.duration")
        .tags(genAi.and(ERROR_TYPE, errorType))
        .description("From the request's record to the acknowledgement of the answer's last")
        .register(registry);
  }

  @Override
  public GenerationListener follow(
      ConsumerRecord<String, byte[]> request, int resumedTokens, GenerationListener listener) {
    long ageMillis = clock.millis() - request.timestamp();
    boolean plausible = ageMillis >= 0 && ageMillis < OLDEST_MILLIS;
    long requestedNanos =
        nanoTime.getAsLong() - TimeUnit.MILLISECONDS.toNanos(plausible ? ageMillis : 0);
    return new TimedGeneration(listener, generations, nanoTime, requestedNanos, resumedTokens);
  }

  @Override
  public void closed(
      ConsumerRecord<String, byte[]> request,
      long takenMillis,
      AnswerTotals totals,
      boolean isDeadLetter) {
    closed.increment();
    endToEnd.record(takenMillis, TimeUnit.MILLISECONDS);
    Counter success = successes.get(totals.outcome());
    String errorType = success != null ? "" : errorType(totals.outcome());
    duration(errorType).record(takenMillis, TimeUnit.MILLISECONDS);
    if (success != null) {
      success.increment();
    } else {
      increment(failures, errorType);
    }
    if (isDeadLetter) {
      increment(deadLetters, errorType);
    }
    if (totals.promptTokens() > 0) {
      promptTokens.record(totals.promptTokens());
      generationTokens.record(totals.completionTokens());
    }
  }

  @Override
  public void committed(ConsumerRecord<String, byte[]> request) {}

  /** Returns the code of an outcome that is no answer. */
  static String errorType(String outcome) {
    return ErrorCode.isCode(outcome) ? outcome : OTHER;
  }

  private static void increment(Map<String, Counter> counters, String code) {
    Counter counter = counters.get(code);
    if (counter != null) {
      counter.increment();
    }
  }

  /** How many requests were closed. */
  long closedRequests() {
    return closed.sum();
  }
}
