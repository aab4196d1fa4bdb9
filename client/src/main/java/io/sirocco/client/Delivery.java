package io.sirocco.client;

import org.apache.kafka.common.TopicPartition;

/**
 * What is known about a request record that was handed to the producer.
 *
 * <p>Immutable.
 */
sealed interface Delivery {
  /** It stands in a request topic, at that place. */
  record Sent(TopicPartition partition, long offset) implements Delivery {}

  /** It is not in the request topic and never will be. */
  record NotSent() implements Delivery {}

  /** The producer gave up without an answer: it may be there or not. */
  record Unknown() implements Delivery {}
}
