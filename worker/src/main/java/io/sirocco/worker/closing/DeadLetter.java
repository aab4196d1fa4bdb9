package io.sirocco.worker.closing;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What is kept of a request that could not be answered.
 *
 * <p>Immutable.
 *
 * @param whole the request, with its new headers
 * @param outline the same without the request, for one that has become too large for its topic
 */
public record DeadLetter(
    ProducerRecord<String, byte[]> whole, ProducerRecord<String, byte[]> outline) {}
