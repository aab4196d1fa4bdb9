package io.sirocco.worker.intake;

import io.sirocco.worker.offsets.OffsetLedger;
import io.sirocco.worker.reply.OwnershipProof;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition for as long as it is assigned to this worker. A new assignment of the same partition
 * is another object, so that what an earlier one left behind cannot touch it.
 *
 * <p>Confined to the intake thread.
 */
final class AssignedPartition {
  private final TopicPartition partition;
  private final String writer;
  private final int epoch;
  private final long endAtAssignment;
  private final OwnershipProof proof;
  private final Set<InFlight> inFlight = new HashSet<>();
  private final Deque<InFlight> pending = new ArrayDeque<>();
  private @Nullable OffsetLedger ledger;
  private long committed;

  /**
   * @param writer the name under which this assignment writes to reply logs
   * @param epoch the consumer group's generation
   * @param endAtAssignment where the partition ended then: what comes after was nobody else's
   * @param proof that it is still assigned
   */
  AssignedPartition(
      TopicPartition partition,
      String writer,
      int epoch,
      long endAtAssignment,
      OwnershipProof proof) {
    this.partition = partition;
    this.writer = writer;
    this.epoch = epoch;
    this.endAtAssignment = endAtAssignment;
    this.proof = proof;
  }

  TopicPartition partition() {
    return partition;
  }

  String writer() {
    return writer;
  }

  int epoch() {
    return epoch;
  }

  /** Where the partition ended when it was assigned. */
  long endAtAssignment() {
    return endAtAssignment;
  }

  /** Proves that it is still assigned. */
  OwnershipProof proof() {
    return proof;
  }

  /** Takes a record that was polled into the books. */
  void open(InFlight record) {
    long offset = record.request().offset();
    OffsetLedger books = ledger;
    if (books == null) {
      books = new OffsetLedger(offset);
      ledger = books;
      committed = offset;
    }
    books.open(offset);
    inFlight.add(record);
  }

  /** Those that wait for room in the engine, in their order. */
  Deque<InFlight> pending() {
    return pending;
  }

  /** Notes that a record is done. */
  void complete(InFlight record) {
    if (ledger != null && inFlight.remove(record)) {
      ledger.complete(record.request().offset());
    }
  }

  /** The records that are not done. */
  Set<InFlight> inFlight() {
    return Set.copyOf(inFlight);
  }

  /** The offset to be committed; empty when nothing was done since the last commit. */
  OptionalLong committable() {
    return ledger == null || ledger.watermark() == committed
        ? OptionalLong.empty()
        : OptionalLong.of(ledger.watermark());
  }

  /** The offset that is committed, or may be; empty before the first record. */
  OptionalLong watermark() {
    return ledger == null ? OptionalLong.empty() : OptionalLong.of(ledger.watermark());
  }

  /** Notes that {@code offset} is committed. */
  void committed(long offset) {
    committed = offset;
  }
}
