package io.sirocco.worker.reply;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The way to the reply topics.
 *
 * <p>Implementations are thread-safe. The stages complete on any thread.
 */
public interface ReplyWriter {
  /** Completes when the partition of {@code log} can be written to, or exceptionally when it cannot. */
  CompletionStage<Void> awaitWritable(ReplyLog log);

  /**
   * Whether there is room for records to wait in until they are acknowledged: a topic that is slow or
   * dead must not hold up the others. Whoever has none on their way may send one all the same.
   */
  default boolean hasRoom() {
    return true;
  }

  /** Completes with the record's offset when all replicas in sync have it. */
  CompletionStage<Long> send(ProducerRecord<String, byte[]> reply);
}
