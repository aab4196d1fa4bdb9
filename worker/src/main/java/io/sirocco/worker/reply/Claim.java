package io.sirocco.worker.reply;

import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.worker.reply.LogReading.Found;
import io.sirocco.worker.reply.LogReading.Gone;
import io.sirocco.worker.reply.LogReading.Unreadable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request over whose reply log somebody may have written to: reads the log, proves that the
 * request is this worker's, writes a start that outbids all that were read, and reads the log again
 * through that start. If it is the current one, what the log holds up to it is what the answer goes on
 * from; if not, all begins again.
 *
 * <p>Without the proof a worker that was replaced could outbid its heir; without the second reading
 * what its predecessor wrote between the first reading and the start would be lost.
 *
 * <p>It does nothing itself: it says what is to be done next, and is told what came of it.
 *
 * <p>Confined to the reply thread.
 */
final class Claim {
  /** Two living owners cannot be for long. */
  private static final int MOST_ROUNDS = 8;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  /** What is to be done next. */
  sealed interface Step {}

  /** Read the log to its end; then {@link #read}. */
  record Read() implements Step {}

  /** Prove the ownership; then {@link #proved}. */
  record Prove() implements Step {}

  /**
   * Write a start; then {@link #started}.
   *
   * @param seed that the log names, to be handed on; null when it names none
   */
  record Start(int attempt, @Nullable Long seed) implements Step {}

  /** Read the log to its end, and through that offset; then {@link #read}. */
  record ReadBack(long through) implements Step {}

  /** Wait; then {@link #begin}. */
  record Pause(Duration time) implements Step {}

  /**
   * Go on from there, under the own start. The last step, as all that follow.
   *
   * @param fruitlessWriters how many had taken the request up before, since its last delta, and left
   *     nothing
   */
  record Done(ReplyCheckpoint checkpoint, int fruitlessWriters) implements Step {}

  /** Write nothing, as the answer is complete. */
  record Ended(ReplyCheckpoint checkpoint) implements Step {}

  /** Write nothing, as the request is somebody else's. */
  record Lost() implements Step {}

  /** Write nothing, as nobody reads it any more. */
  record NobodyWaits(String message) implements Step {}

  /** Write nothing, as no reader can make a text of the log. */
  record Spoiled(String message) implements Step {}

  /** Write nothing more, as it did not succeed. */
  record Failed(Throwable cause) implements Step {}

  private final String writer;
  private int rounds;
  private @Nullable ReplyCheckpoint seen;
  private int attempt;

  /** A claim in the name of {@code writer}. */
  Claim(String writer) {
    this.writer = writer;
  }

  /** The first step, of each round. */
  Step begin() {
    rounds++;
    seen = null;
    return new Read();
  }

  /** Goes on from what was read. */
  Step read(LogReading reading) {
    if (reading instanceof Found found) {
      return read(found.checkpoint());
    }
    return reading instanceof Gone gone
        ? new NobodyWaits(gone.message())
        : new Spoiled(((Unreadable) reading).message());
  }

  private Step read(ReplyCheckpoint log) {
    if (log.end() != null) {
      return new Ended(log);
    }
    ReplyCheckpoint before = seen;
    if (before == null) {
      seen = log;
      return new Prove();
    }
    ReplyRecord current = log.fold().currentStart();
    boolean own =
        current != null && current.attempt() == attempt && current.writer().equals(writer);
    return own
        ? new Done(log, before.fruitlessWriters())
        : again(new IllegalStateException("somebody else takes the request up as well"));
  }

  /** Goes on from the answer of the brokers. */
  Step proved(boolean owned) {
    ReplyCheckpoint log = seen;
    if (log == null) {
      throw new IllegalStateException("expected a log that was read before the proof, found none");
    }
    if (!owned) {
      return new Lost();
    }
    try {
      attempt = log.fold().nextAttempt();
    } catch (IllegalStateException e) {
      return new Spoiled(String.valueOf(e.getMessage()));
    }
    return new Start(attempt, log.seed());
  }

  /** Goes on from the own start, which is acknowledged at that offset; -1: nobody knows where. */
  Step started(long offset) {
    return new ReadBack(offset);
  }

  /** Goes on from a step that failed: nobody knows what came of it. */
  Step failed(Throwable cause) {
    return again(cause);
  }

  private Step again(Throwable cause) {
    return rounds == MOST_ROUNDS
        ? new Failed(cause)
        : new Pause(FIRST_PAUSE.multipliedBy(1L << (rounds - 1)));
  }
}
