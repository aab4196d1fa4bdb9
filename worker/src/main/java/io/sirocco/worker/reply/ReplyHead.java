package io.sirocco.worker.reply;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all records of one answer have in common.
 *
 * <p>Immutable; the arrays are never changed.
 *
 * @param address where they go
 * @param requestId which request they answer
 * @param correlationId raw bytes to be echoed, or null
 * @param traceparent raw bytes to be echoed, or null
 * @param tracestate raw bytes to be echoed, or null
 * @param createdSeconds when the request was made, in seconds since the epoch: the same whoever
 *     answers it
 * @param model the model that answers
 * @param writer who writes them: one name for each assignment of a partition
 * @param epoch the consumer group's generation
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record ReplyHead(
    ReplyAddress address,
    String requestId,
    byte @Nullable [] correlationId,
    byte @Nullable [] traceparent,
    byte @Nullable [] tracestate,
    long createdSeconds,
    String model,
    String writer,
    int epoch) {

  /**
   * What a start says beyond the head.
   *
   * @param seed the seed in use, or null when the request is refused
   * @param warnings the names of request fields that were ignored
   */
  public record Start(@Nullable Long seed, List<String> warnings) {
    /** The start of an answer that is nothing but an error. */
    public static final Start OF_REFUSAL = new Start(null, List.of());

    public Start {
      warnings = List.copyOf(warnings);
    }
  }
}
