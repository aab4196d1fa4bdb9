package io.sirocco.worker.intake;

import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.worker.intake.InFlight.Reason;
import io.sirocco.worker.reply.AnswerTotals;
import io.sirocco.worker.usage.UsageMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Does what remains of a request when nothing more is written to its reply log: the dead letter if
 * there is one, then the usage event. Only then may its offset be committed.
 *
 * <p>Thread-safe.
 */
public final class RequestCloser {
  /** No topic keeps a request for ten years. */
  private static final long OLDEST_MILLIS = Duration.ofDays(3650).toMillis();

  private final DeadLetters deadLetters;
  private final UsageMeter usage;
  private final String model;
  private final InstantSource clock;

  /**
   * @param model the name under which the model answers
   */
  public RequestCloser(
      DeadLetters deadLetters, UsageMeter usage, String model, InstantSource clock) {
    this.deadLetters = deadLetters;
    this.usage = usage;
    this.model = model;
    this.clock = clock;
  }

  /**
   * Completes when the offset may be committed.
   *
   * @param reason why the record is kept among the dead letters, or null when it is not
   */
  CompletionStage<Void> close(InFlight record, AnswerTotals totals, @Nullable Reason reason) {
    CompletionStage<Void> kept = reason == null
        ? CompletableFuture.completedStage(null)
        : deadLetters.keep(record.request(), reason);
    return kept.thenCompose(done -> usage.meter(event(record, totals)));
  }

  private UsageEvent event(InFlight record, AnswerTotals totals) {
    ConsumerRecord<String, byte[]> request = record.request();
    long endedMillis = clock.millis();
    return new UsageEvent(
        record.user(),
        model,
        record.requestId(),
        request.topic(),
        request.partition(),
        request.offset(),
        totals.promptTokens(),
        totals.cachedTokens(),
        totals.completionTokens(),
        totals.outcome(),
        requestedAt(request, endedMillis),
        endedMillis);
  }

  /** A sender may give its records any timestamp, and an implausible one must not cost the bill. */
  private static long requestedAt(ConsumerRecord<String, byte[]> request, long endedMillis) {
    long timestamp = request.timestamp();
    return timestamp <= endedMillis && timestamp > endedMillis - OLDEST_MILLIS
        ? timestamp
        : endedMillis;
  }
}
