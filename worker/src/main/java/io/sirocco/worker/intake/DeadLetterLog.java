package io.sirocco.worker.intake;

import io.sirocco.worker.intake.InFlight.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators of dead letters, in a bounded number of lines: of a flood the first ones within ten
 * seconds, and with the next one after that how many more there were.
 *
 * <p>Thread-safe.
 */
final class DeadLetterLog {
  /** How many have a line of their own within {@link #WINDOW}. */
  static final int LINES = 10;

  static final Duration WINDOW = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final LongSupplier nanos;
  private long begunNanos;
  private int letters;

  DeadLetterLog(LongSupplier nanos) {
    this.nanos = nanos;
    this.begunNanos = nanos.getAsLong();
  }

  /** Notes that {@code request} becomes a dead letter. */
  synchronized void written(ConsumerRecord<String, byte[]> request, Reason reason) {
    long now = nanos.getAsLong();
    if (now - begunNanos >= WINDOW.toNanos()) {
      if (letters > LINES) {
        log.warn("dead letters that had no line of their own: {}", letters - LINES);
      }
      begunNanos = now;
      letters = 0;
    }
    letters++;
    if (letters <= LINES) {
      log.warn(
          "dead letter topic={} partition={} offset={} code={} reason={}",
          request.topic(),
          request.partition(),
          request.offset(),
          reason.code().code(),
          reason.message());
    }
  }
}
