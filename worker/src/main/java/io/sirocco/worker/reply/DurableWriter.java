package io.sirocco.worker.reply;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records that nothing else knows of, such as dead letters and usage events: tries again until
 * each is acknowledged. The offset of the request that it belongs to is not committed before.
 *
 * <p>It has a thread of its own, because a topic that vanished holds its writer up.
 *
 * <p>Thread-safe.
 */
public final class DurableWriter {
  private static final Logger log = LoggerFactory.getLogger(DurableWriter.class);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  private final ReplyWriter writer;
  private final Executor closerThread;

  /**
   * @param closerThread runs its tasks one after the other; tries end when it takes no more
   */
  public DurableWriter(ReplyWriter writer, Executor closerThread) {
    this.writer = writer;
    this.closerThread = closerThread;
  }

  /**
   * Completes when {@code record} is acknowledged, or exceptionally with a {@link
   * RecordTooLargeException}, which no further try would mend.
   */
  public CompletionStage<Void> write(ProducerRecord<String, byte[]> record) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    closerThread.execute(() -> tryToWrite(record, written));
    return written;
  }

  private void tryToWrite(ProducerRecord<String, byte[]> record, CompletableFuture<Void> written) {
    writer.send(record).whenComplete((offset, fault) -> {
      if (fault == null) {
        written.complete(null);
      } else if (fault instanceof RecordTooLargeException) {
        written.completeExceptionally(fault);
      } else {
        log.error("record not written, trying again topic={}", record.topic(), fault);
        later().execute(() -> tryToWrite(record, written));
      }
    });
  }

  private Executor later() {
    return CompletableFuture.delayedExecutor(
        BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS, closerThread);
  }
}
