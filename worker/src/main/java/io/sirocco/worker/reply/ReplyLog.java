package io.sirocco.worker.reply;

import java.util.OptionalLong;

/**
 * Where the records of one answer are, and whose they are.
 *
 * <p>Immutable.
 *
 * @param address the partition, which others may share
 * @param requestId which records of it count
 * @param begin the offset from which it is to be read; empty: the requester did not say
 * @param requestedMillis when the request was written, in milliseconds since the epoch; with no offset
 *     the log begins at most {@link #CLOCKS_APART_MILLIS} earlier
 */
public record ReplyLog(
    ReplyAddress address, String requestId, OptionalLong begin, long requestedMillis) {
  /** By how much the clocks of a requester and of its brokers may differ. */
  public static final long CLOCKS_APART_MILLIS = 60_000;
}
