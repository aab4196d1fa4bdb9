package io.sirocco.worker.closing;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is written when nothing more is to be done for a request.
 *
 * <p>Immutable.
 *
 * @param usage its usage event, or null when that of another record bills the same answer
 * @param letter its dead letter, or null when it is not kept
 */
public record Closing(
    @Nullable ProducerRecord<String, byte[]> usage,
    @Nullable DeadLetter letter) {
  /** Of a request that another record asks as well, which is answered and billed. */
  public static final Closing OF_COPY = new Closing(null, null);
}
