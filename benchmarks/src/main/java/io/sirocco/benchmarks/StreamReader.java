package io.sirocco.benchmarks;

import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Reads one answer to its end, and notes when each token came.
 *
 * <p>Immutable.
 *
 * @param stream the answer
 */
record StreamReader(ReplyStream stream) implements Callable<List<Long>> {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Returns the time of each token, in nanoseconds. */
  @Override
  public List<Long> call() {
    List<Long> nanos = new ArrayList<>();
    for (RawReply reply : stream.records().within(PATIENCE)) {
      long now = System.nanoTime();
      reply.reply().tokenIds().forEach(token -> nanos.add(now));
    }
    return nanos;
  }
}
