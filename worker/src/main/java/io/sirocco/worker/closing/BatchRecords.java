package io.sirocco.worker.closing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Sends the records of one batch as often as need be, and remembers which dead letters turned out to be too large.
 *
 * <p>Confined to one closing at a time.
 */
final class BatchRecords {
  private record Sent(DeadLetter letter, CompletableFuture<Void> acknowledged) {}

  private final Set<DeadLetter> tooLarge = new HashSet<>();
  private final List<Sent> sent = new ArrayList<>();

  /** Sends all records, and then the offset. */
  void send(ClosingBatch batch, ClosingProducer producer) {
    sent.clear();
    for (Closing closing : batch.closings()) {
      DeadLetter letter = closing.letter();
      if (letter != null) {
        ProducerRecord<String, byte[]> record =
            tooLarge.contains(letter) ? letter.outline() : letter.whole();
        sent.add(new Sent(letter, producer.send(record).toCompletableFuture()));
      }
      ProducerRecord<String, byte[]> usage = closing.usage();
      if (usage != null && producer.send(usage).toCompletableFuture().isCompletedExceptionally()) {
        break; // The commit finds it as well, and each of the others might wait as long.
      }
    }
    producer.offsets(batch.offset(), batch.group());
  }

  /** Whether it would help to send all again, as letters that are too large become outlines. */
  boolean isMended() {
    boolean mended = false;
    for (Sent letter : sent) {
      if (isTooLarge(letter.acknowledged())) {
        mended |= tooLarge.add(letter.letter());
      }
    }
    return mended;
  }

  private static boolean isTooLarge(CompletableFuture<Void> acknowledged) {
    return acknowledged.isCompletedExceptionally()
        && acknowledged
            .handle((done, fault) -> fault instanceof RecordTooLargeException
                || (fault != null && fault.getCause() instanceof RecordTooLargeException))
            .join();
  }
}
