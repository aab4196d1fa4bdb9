package io.sirocco.worker.simulation;

import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.intake.RequestTelemetry;
import io.sirocco.worker.reply.AnswerTotals;
import io.sirocco.worker.sampling.SampledToken;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Has every request started when it is polled, long before the engine has room for it.
 *
 * <p>Confined to the thread of the simulation.
 */
final class EarlyStarts implements RequestTelemetry {
  @Override
  public GenerationListener follow(
      ConsumerRecord<String, byte[]> request, int resumedTokens, GenerationListener listener) {
    listener.admitted(0);
    return new GenerationListener() {
      @Override
      public void admitted(int cachedTokens) {}

      @Override
      public boolean generated(SampledToken token) {
        return listener.generated(token);
      }

      @Override
      public void finished(GenerationEnd end) {
        listener.finished(end);
      }

      @Override
      public void failed(String message) {
        listener.failed(message);
      }
    };
  }

  @Override
  public void closed(
      ConsumerRecord<String, byte[]> request,
      long takenMillis,
      AnswerTotals totals,
      boolean isDeadLetter) {}

  @Override
  public void committed(ConsumerRecord<String, byte[]> request) {}
}
