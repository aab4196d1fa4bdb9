package io.sirocco.embedded.chaos;

import org.apache.kafka.common.TopicPartition;

/**
 * A request that was sent.
 *
 * <p>Immutable.
 *
 * @param requestId of this request alone
 * @param question which one it asks
 * @param requestPartition where it was sent
 * @param replies where its answer is, from offset 0, and no other one
 */
record Asked(String requestId, Question question, int requestPartition, TopicPartition replies) {}
