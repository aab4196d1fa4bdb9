package io.sirocco.worker.intake;

import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.worker.reply.ReplyHead;
import io.sirocco.worker.reply.ReplyLog;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A request that may have been asked before: under which id, and what it asks.
 *
 * <p>Immutable.
 *
 * @param key whose request it is, and its id
 * @param fingerprint of its body
 * @param head where its answer is wanted
 * @param generate answers it as if it was never asked before, on the intake thread
 */
record Ask(InFlight record, RequestKey key, String fingerprint, ReplyHead head, Runnable generate) {

  ReplyLog log() {
    return head.log();
  }

  /** Where its answer lives, if it begins at {@code offset}. */
  StreamLocation location(long offset) {
    ConsumerRecord<String, byte[]> request = record.request();
    return new StreamLocation(
        log().address().topic(),
        log().address().partition(),
        offset,
        fingerprint,
        request.topic(),
        request.partition(),
        request.offset(),
        request.timestamp());
  }

  /** Whether {@code location} is what was written down of this very record, by an owner before. */
  boolean isAt(StreamLocation location) {
    return LogTenants.isOf(record, location);
  }

  /** Whether it asks what was asked there. */
  boolean repeats(StreamLocation location) {
    return location.fingerprint().equals(fingerprint)
        && location.requestTopic().equals(record.request().topic());
  }

  /** Whether its reader reads that answer anyway. */
  boolean isAnsweredBy(StreamLocation location) {
    return log().address().topic().equals(location.replyTopic())
        && log().address().partition() == location.replyPartition()
        && readsBefore(location);
  }

  /** With no offset, it reads what was written since a while before the request. */
  private boolean readsBefore(StreamLocation location) {
    return log().begin().isPresent()
        ? log().begin().getAsLong() <= location.replyOffset()
        : log().requestedMillis() - ReplyLog.CLOCKS_APART_MILLIS <= location.requestedMillis();
  }
}
