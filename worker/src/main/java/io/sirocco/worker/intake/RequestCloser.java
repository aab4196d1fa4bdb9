package io.sirocco.worker.intake;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.worker.closing.Closing;
import io.sirocco.worker.intake.InFlight.Reason;
import io.sirocco.worker.reply.AnswerTotals;
import io.sirocco.worker.usage.UsageRecords;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Says what remains of a request when nothing more is written to its reply log: the usage event, and
 * the dead letter if there is one.
 *
 * <p>Thread-safe.
 */
public final class RequestCloser {
  /** No topic keeps a request for ten years. */
  private static final long OLDEST_MILLIS = Duration.ofDays(3650).toMillis();

  private final DeadLetters deadLetters;
  private final UsageRecords usage;
  private final String model;
  private final InstantSource clock;
  private final RequestTelemetry telemetry;

  /** Closes requests of which nobody hears. */
  public RequestCloser(
      DeadLetters deadLetters, UsageRecords usage, String model, InstantSource clock) {
    this(deadLetters, usage, model, clock, RequestTelemetry.NONE);
  }

  /**
   * @param model the name under which the model answers
   * @param telemetry hears of those that are closed
   */
  public RequestCloser(
      DeadLetters deadLetters,
      UsageRecords usage,
      String model,
      InstantSource clock,
      RequestTelemetry telemetry) {
    this.deadLetters = deadLetters;
    this.usage = usage;
    this.model = model;
    this.clock = clock;
    this.telemetry = telemetry;
  }

  /**
   * Returns what is to be written in one with the offset.
   *
   * @param reason why the record is kept among the dead letters, or null when it is not
   */
  Closing closing(InFlight record, AnswerTotals totals, @Nullable Reason reason) {
    long endedMillis = clock.millis();
    long requestedMillis = requestedAt(record.request(), endedMillis);
    telemetry.closed(record.request(), endedMillis - requestedMillis, totals, reason != null);
    if (reason == null && totals.outcome().equals(ErrorCode.DUPLICATE_REQUEST.code())) {
      return Closing.OF_COPY; // Whoever repeats a request has one bill.
    }
    return new Closing(
        usage.of(event(record, totals, requestedMillis, endedMillis)),
        reason == null ? null : deadLetters.of(record.request(), reason));
  }

  /** The closing of {@code record} is committed. */
  void committed(InFlight record) {
    telemetry.committed(record.request());
  }

  private UsageEvent event(
      InFlight record, AnswerTotals totals, long requestedMillis, long endedMillis) {
    ConsumerRecord<String, byte[]> request = record.request();
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
        requestedMillis,
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
