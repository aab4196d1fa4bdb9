package io.sirocco.worker.observe;

import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.intake.RequestTelemetry;
import io.sirocco.worker.reply.AnswerTotals;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Tells two of what becomes of requests.
 *
 * <p>Thread-safe.
 */
record BothTelemetries(RequestTelemetry first, RequestTelemetry second)
    implements RequestTelemetry {
  @Override
  public GenerationListener follow(
      ConsumerRecord<String, byte[]> request, int resumedTokens, GenerationListener listener) {
    return first.follow(request, resumedTokens, second.follow(request, resumedTokens, listener));
  }

  @Override
  public void closed(
      ConsumerRecord<String, byte[]> request,
      long takenMillis,
      AnswerTotals totals,
      boolean isDeadLetter) {
    first.closed(request, takenMillis, totals, isDeadLetter);
    second.closed(request, takenMillis, totals, isDeadLetter);
  }

  @Override
  public void committed(ConsumerRecord<String, byte[]> request) {
    first.committed(request);
    second.committed(request);
  }
}
