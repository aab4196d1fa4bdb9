package io.sirocco.client;

import io.sirocco.contracts.request.ReplyHandle;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the answer to one request is wanted.
 *
 * <p>Immutable.
 *
 * @param partition the partition, which may hold the answers to other requests too
 * @param offset the offset from which its answer is to be read
 */
record ReplyAddress(TopicPartition partition, long offset) {
  /** Returns the address of an answer that has a new topic for itself. */
  static ReplyAddress singleUse(String topic) {
    return new ReplyAddress(new TopicPartition(topic, 0), 0);
  }

  /** Returns the address of the answer that {@code handle} leads to. */
  static ReplyAddress of(ReplyHandle handle) {
    return new ReplyAddress(
        new TopicPartition(handle.replyTopic(), handle.replyPartition()), handle.replyOffset());
  }

  String topic() {
    return partition.topic();
  }
}
