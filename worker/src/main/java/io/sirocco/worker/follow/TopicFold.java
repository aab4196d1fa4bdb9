package io.sirocco.worker.follow;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What is made of a topic that is followed, record by record.
 *
 * <p>Confined to the thread that follows.
 */
public interface TopicFold {
  /** Begins anew: nothing was read. */
  void clear();

  /** Takes the next record. */
  void take(ConsumerRecord<String, byte[]> record);

  /** All that the topic held when it was found is taken, and perhaps more. */
  void caughtUp();

  /** The topic is gone, or may not be read, or is not followed any more. */
  void lost();
}
