package io.sirocco.worker.closing;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is written when nothing more is to be done for a request.
 *
 * <p>Immutable.
 *
 * @param usage its usage event
 * @param letter its dead letter, or null when it is not kept
 */
public record Closing(
    ProducerRecord<String, byte[]> usage, @Nullable DeadLetter letter) {}
