package io.sirocco.worker.intake;

import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.reply.AnswerTotals;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Hears what becomes of requests, for those who measure it; it changes nothing and must not fail.
 *
 * <p>Implementations are thread-safe.
 */
public interface RequestTelemetry {
  /** Hears and does nothing. */
  RequestTelemetry NONE = new RequestTelemetry() {
    @Override
    public GenerationListener follow(
        ConsumerRecord<String, byte[]> request, int resumedTokens, GenerationListener listener) {
      return listener;
    }

    @Override
    public void closed(
        ConsumerRecord<String, byte[]> request,
        long takenMillis,
        AnswerTotals totals,
        boolean isDeadLetter) {}

    @Override
    public void committed(ConsumerRecord<String, byte[]> request) {}
  };

  /**
   * Returns what is to hear of the generation of one choice in place of {@code listener}, to which it
   * hands everything on.
   *
   * @param resumedTokens how many tokens of it were there before
   */
  GenerationListener follow(
      ConsumerRecord<String, byte[]> request, int resumedTokens, GenerationListener listener);

  /**
   * A request is about to be closed: its last record is acknowledged, or nobody can be told.
   *
   * @param takenMillis how long that took since the request was made
   * @param isDeadLetter whether it is kept among the dead letters
   */
  void closed(
      ConsumerRecord<String, byte[]> request,
      long takenMillis,
      AnswerTotals totals,
      boolean isDeadLetter);

  /** A request is closed: the transaction with its offset is committed. */
  void committed(ConsumerRecord<String, byte[]> request);
}
