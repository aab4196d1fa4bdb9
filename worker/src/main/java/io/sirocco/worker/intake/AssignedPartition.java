package io.sirocco.worker.intake;

import io.sirocco.worker.engine.api.WaitingLine;
import io.sirocco.worker.offsets.OffsetLedger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition for as long as it is assigned to this worker. A new assignment of the same partition
 * is another object, so that what an earlier one left behind cannot touch it.
 *
 * <p>Confined to the intake thread, but for {@link #prove}.
 */
final class AssignedPartition {
  /**
   * So many may wait for room in the engine, for a user whose requests are behind many of another's to
   * be seen; as many as the ledger can commit, about.
   */
  static final int LOOK_AHEAD = 512;

  private static final long LOOK_AHEAD_BYTES = 16L << 20;

  /** Of a line; what is taken up and not computed when a worker dies counts as if it were the cause. */
  static final int MOST_TAKEN_UP_AHEAD = 4;

  private final TopicPartition partition;
  private final String writer;
  private final int epoch;
  private final long endAtAssignment;
  private final OffsetLedger ledger;
  private final ClosingQueue closings;
  private final Deque<ConsumerRecord<String, byte[]>> unread = new ArrayDeque<>();
  private final Set<InFlight> inFlight = new LinkedHashSet<>();
  private final SortedSet<InFlight> pending = new TreeSet<>(InFlight.BY_TURN);

  /**
   * @param writer the name under which this assignment writes to reply logs
   * @param epoch the consumer group's generation
   * @param endAtAssignment where the partition ended then: what comes after was nobody else's
   */
  AssignedPartition(
      TopicPartition partition,
      String writer,
      int epoch,
      long endAtAssignment,
      OffsetLedger ledger,
      ClosingQueue closings) {
    this.partition = partition;
    this.writer = writer;
    this.epoch = epoch;
    this.endAtAssignment = endAtAssignment;
    this.ledger = ledger;
    this.closings = closings;
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

  /** Whether requests that were there when it was assigned are not done. */
  boolean isBehind() {
    return ledger.watermark() < endAtAssignment;
  }

  /**
   * Those that wait for room in the engine, in the order of their turns, in whatever order it became
   * known what is to be done for them.
   */
  SortedSet<InFlight> pending() {
    return pending;
  }

  ClosingQueue closings() {
    return closings;
  }

  /** Takes a record that was polled; it is not begun yet, and holds nothing up. */
  void polled(ConsumerRecord<String, byte[]> record) {
    unread.add(record);
  }

  /** Notes that all records below {@code position} were polled, whether there are any or not. */
  void polledTo(long position) {
    if (unread.isEmpty()) {
      ledger.skipTo(position);
    }
  }

  /**
   * Begins as many records as there is room for, and hands them to the engine.
   *
   * @param quarantine says which may go in
   * @param begin decides what becomes of a record
   */
  void submit(
      Quarantine quarantine,
      BiFunction<AssignedPartition, ConsumerRecord<String, byte[]>, InFlight> begin) {
    offer(quarantine);
    ConsumerRecord<String, byte[]> next;
    while (mayLookAhead() && (next = open()) != null) {
      inFlight.add(begin.apply(this, next));
    }
    offer(quarantine);
  }

  /** Hands over what may go in, in order, as long as there is room in its line. */
  private void offer(Quarantine quarantine) {
    Set<WaitingLine> full = new HashSet<>();
    Map<WaitingLine, Long> ahead = takenUpAhead();
    Iterator<InFlight> waiting = pending.iterator();
    while (waiting.hasNext()) {
      InFlight next = waiting.next();
      WaitingLine line = next.line();
      if (full.contains(line) || !quarantine.admits(next)) {
        continue;
      }
      if (!next.isReady()) {
        if (ahead.getOrDefault(line, 0L) < MOST_TAKEN_UP_AHEAD) {
          ahead.merge(line, 1L, Long::sum);
          quarantine.enter(next);
          next.takeUp();
        }
      } else if (next.offer()) {
        waiting.remove();
        quarantine.enter(next);
      } else {
        full.add(line);
      }
    }
  }

  private Map<WaitingLine, Long> takenUpAhead() {
    return inFlight.stream()
        .filter(InFlight::isTakenUpAhead)
        .collect(Collectors.groupingBy(InFlight::line, Collectors.counting()));
  }

  private boolean mayLookAhead() {
    return pending.size() < LOOK_AHEAD
        && pending.stream()
                .mapToLong(each -> each.request().serializedValueSize())
                .sum()
            < LOOK_AHEAD_BYTES;
  }

  /** Leaves out what an earlier owner has done; null when nothing can be begun before others are done. */
  private @Nullable ConsumerRecord<String, byte[]> open() {
    while (!unread.isEmpty() && ledger.hasRoomFor(unread.element().offset())) {
      ConsumerRecord<String, byte[]> next = unread.remove();
      if (ledger.open(next.offset())) {
        return next;
      }
    }
    return null;
  }

  /** Whether no more is to be polled for now. */
  boolean isFull() {
    return !mayLookAhead() || !unread.isEmpty() || isOver();
  }

  /** Notes that nothing remains of a record but its closing, if it has one. */
  void done(InFlight record) {
    pending.remove(record);
    if (record.closing().isPresent()) {
      closings.add(record);
    } else {
      inFlight.remove(record); // Left to the next owner.
    }
  }

  /** Closes what is done. */
  void advance() {
    closings.advance(ledger, closed -> {
      inFlight.remove(closed);
      closed.committed();
    });
  }

  /** As {@link ClosingQueue#prove}. */
  CompletionStage<Boolean> prove() {
    return closings.prove();
  }

  /** How far it is, for those who look on. */
  IntakeStanding.Partition standing() {
    return new IntakeStanding.Partition(ledger.openCount(), ledger.reach());
  }

  /** The timestamp of the oldest request that is in progress. */
  long oldestMillis() {
    return inFlight.stream()
        .mapToLong(each -> each.request().timestamp())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** The records that are begun and not closed, in the order of their begin. */
  List<InFlight> inFlight() {
    return List.copyOf(inFlight);
  }

  /** Whether nothing is in progress, and all that is done is closed as far as it can be. */
  boolean isSettled() {
    return inFlight.isEmpty() || isOver();
  }

  /** Whether nothing can be closed any more. */
  boolean isOver() {
    return ledger.isEnded() || closings.isOver();
  }

  /** Whether requests are still being answered, but for the one that waits for room in the engine. */
  boolean isBusy() {
    return inFlight.size() > pending.size();
  }

  /** Ends the assignment: whatever is still done in its name changes nothing. */
  void end() {
    if (ledger.isEnded()) {
      return;
    }
    ledger.end();
    closings.end();
    unread.clear();
    pending.clear();
    List.copyOf(inFlight).forEach(InFlight::abandon);
    inFlight.clear();
  }
}
