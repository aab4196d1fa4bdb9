package io.sirocco.worker.reply;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What all records of one answer have in common.
 *
 * <p>Immutable; the arrays are never changed.
 *
 * @param log where they go, and which request they answer
 * @param correlationId raw bytes to be echoed, or null
 * @param traceparent raw bytes to be echoed, or null
 * @param tracestate raw bytes to be echoed, or null
 * @param model the model that answers
 * @param writer who writes them: one name for each assignment of a partition
 * @param epoch the consumer group's generation
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record ReplyHead(
    ReplyLog log,
    byte @Nullable [] correlationId,
    byte @Nullable [] traceparent,
    byte @Nullable [] tracestate,
    String model,
    String writer,
    int epoch) {

  /** Where they go. */
  ReplyAddress address() {
    return log.address();
  }

  /** Which request they answer. */
  String requestId() {
    return log.requestId();
  }

  /** When the request was made, in seconds since the epoch: the same whoever answers it. */
  long createdSeconds() {
    return TimeUnit.MILLISECONDS.toSeconds(log.requestedMillis());
  }

  /**
   * What a start says beyond the head.
   *
   * @param seed the seed in use, or null when the request is refused and nobody named one before
   * @param warnings the names of request fields that were ignored
   */
  public record Start(@Nullable Long seed, List<String> warnings) {
    /** The start of an answer that is nothing but an error. */
    public static final Start OF_REFUSAL = new Start(null, List.of());

    public Start {
      warnings = List.copyOf(warnings);
    }

    /** Returns this start with the seed that the log names already, if it names one. */
    Start handingOn(@Nullable Long seedInLog) {
      return seedInLog == null ? this : new Start(seedInLog, warnings);
    }
  }
}
