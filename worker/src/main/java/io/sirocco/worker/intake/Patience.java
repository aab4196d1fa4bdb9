package io.sirocco.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.topic.Headers;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How long a requester waits, and whether it wants to hear of its place meanwhile.
 *
 * <p>Immutable.
 *
 * @param deadlineMillis when the answer is of no use any more, in milliseconds since the epoch
 * @param wantsNews whether it reads {@code progress}
 */
record Patience(long deadlineMillis, boolean wantsNews) {
  /** That of a requester who says nothing of it. */
  static final Patience ENDLESS = new Patience(Long.MAX_VALUE, true);

  /**
   * Reads the headers of {@code request}.
   *
   * @throws InvalidRequestException when one of them says something else
   */
  static Patience read(ConsumerRecord<String, byte[]> request) throws InvalidRequestException {
    return new Patience(
        deadlineMillis(request), RequestEnvelope.flag(request, Headers.PROGRESS, true));
  }

  private static long deadlineMillis(ConsumerRecord<String, byte[]> request)
      throws InvalidRequestException {
    byte[] header = RequestEnvelope.last(request, Headers.DEADLINE_MS);
    if (header == null) {
      return Long.MAX_VALUE;
    }
    try {
      long millis = Long.parseLong(new String(header, UTF_8));
      if (millis >= 0) {
        return millis;
      }
    } catch (NumberFormatException e) {
      // Said below, as a negative one is.
    }
    throw new InvalidRequestException(
        ErrorCode.INVALID_VALUE,
        Headers.DEADLINE_MS,
        "expected milliseconds since the epoch, a whole number from 0 to %d, found another text"
            .formatted(Long.MAX_VALUE));
  }
}
