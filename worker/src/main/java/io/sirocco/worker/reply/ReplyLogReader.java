package io.sirocco.worker.reply;

import java.util.concurrent.CompletionStage;

/**
 * Reads what others, or this worker itself, wrote to a reply log.
 *
 * <p>Implementations are thread-safe. The stages complete on any thread, and exceptionally when it is
 * not known what the log holds.
 */
public interface ReplyLogReader {
  /**
   * Reads a log from its begin up to what it holds when this is called, and at least through the
   * offset {@code through}, for which it waits.
   *
   * @param through the offset of a record that is acknowledged; -1 for none
   */
  CompletionStage<LogReading> read(ReplyLog log, long through);
}
