package io.sirocco.contracts.reply;

import org.jspecify.annotations.Nullable;

/**
 * Decides which records of a reply log make up the answer to one request.
 *
 * <p>Several workers may have written to the log: one that died, one that took over, one that was
 * frozen and does not know yet that it was replaced. Every reader and every worker folds the log
 * with this class, from the request's reply offset, record by record and never a step back, and so
 * all of them see the same answer:
 *
 * <ul>
 *   <li>a {@code start} becomes the current one if its attempt is greater than the current one's; of
 *       equals the first stays;
 *   <li>a {@code delta}, {@code end} or {@code error} counts if it carries the current start's writer
 *       and attempt and the next sequence; the sequence goes on across starts;
 *   <li>the first {@code end} or {@code error} that counts ends the answer;
 *   <li>everything else is dropped.
 * </ul>
 *
 * <p>Not thread-safe: confined to the thread that reads the log.
 */
public final class ReplyFold {
  /** What a record does to the answer. */
  public enum Effect {
    /** A writer took the request up; deltas that follow are its. */
    STARTED,
    /** The record is the next piece of the answer. */
    APPENDED,
    /** The record ends the answer. */
    ENDED,
    /** The record is no part of the answer. */
    DROPPED
  }

  private final String requestId;
  private @Nullable ReplyRecord start;
  private @Nullable ReplyRecord terminal;
  private long nextSequence;

  /** Begins the fold of the answer to {@code requestId}, at its reply offset. */
  public ReplyFold(String requestId) {
    this.requestId = requestId;
  }

  /** Takes the next record of the partition, whatever request it belongs to. */
  public Effect accept(ReplyRecord reply) {
    if (terminal != null || !reply.requestId().equals(requestId)) {
      return Effect.DROPPED;
    }
    if (reply.event() == ReplyEvent.START) {
      if (start != null && reply.attempt() <= start.attempt()) {
        return Effect.DROPPED;
      }
      start = reply;
      return Effect.STARTED;
    }
    if (!isNext(reply)) {
      return Effect.DROPPED;
    }
    nextSequence++;
    if (reply.event().isTerminal()) {
      terminal = reply;
      return Effect.ENDED;
    }
    return Effect.APPENDED;
  }

  private boolean isNext(ReplyRecord reply) {
    return start != null
        && reply.sequence() != null
        && reply.sequence() == nextSequence
        && reply.attempt() == start.attempt()
        && reply.writer().equals(start.writer());
  }

  /** The request whose answer it is. */
  public String requestId() {
    return requestId;
  }

  /** The start whose writer may append now, or null before the first one. */
  public @Nullable ReplyRecord currentStart() {
    return start;
  }

  /** The record that ended the answer, or null while it is open. */
  public @Nullable ReplyRecord terminal() {
    return terminal;
  }

  /**
   * The attempt of whoever takes the request up next: one more than the greatest in the log. It is
   * never to be taken from memory, as a start that was lost on its way is in nobody's log.
   *
   * @throws IllegalStateException when no greater one can be written, as after a record that no
   *     worker wrote
   */
  public int nextAttempt() {
    if (start == null) {
      return 1;
    }
    if (start.attempt() == Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "expected an attempt below %d, found it in a start of request %s"
              .formatted(Integer.MAX_VALUE, requestId));
    }
    return start.attempt() + 1;
  }

  /** The sequence that the next record of the answer carries. */
  public long nextSequence() {
    return nextSequence;
  }
}
