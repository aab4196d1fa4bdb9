package io.sirocco.worker.simulation;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One partition: records with growing offsets, which have gaps where the markers of transactions are.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimLog {
  /**
   * A record and where it is.
   *
   * @param transaction what it was sent in, or null
   */
  record Entry(
      long offset,
      long timestampMillis,
      ProducerRecord<String, byte[]> record,
      @Nullable SimTransaction transaction) {
    boolean isOpen() {
      return transaction != null && transaction.isOpen();
    }

    boolean isCommitted() {
      return transaction == null || transaction.isCommitted();
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private long end;

  /** Appends a record and returns its offset. */
  long append(
      ProducerRecord<String, byte[]> record, long nowMillis, @Nullable SimTransaction transaction) {
    entries.add(new Entry(end, nowMillis, record, transaction));
    return end++;
  }

  /** Takes an offset that no reader sees, as the marker of a transaction does. */
  void skip() {
    end++;
  }

  long end() {
    return end;
  }

  /** Where readers of committed records stop: at the first record of an open transaction. */
  long stableEnd() {
    return entries.stream()
        .filter(Entry::isOpen)
        .mapToLong(Entry::offset)
        .findFirst()
        .orElse(end);
  }

  /** All records from {@code offset} on, as a reader of uncommitted records sees them. */
  List<Entry> from(long offset) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (entries.get(middle).offset < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return entries.subList(low, entries.size());
  }

  /** The records from {@code offset} on that a reader of committed records sees. */
  List<Entry> committedFrom(long offset) {
    long stable = stableEnd();
    return from(offset).stream()
        .filter(entry -> entry.offset < stable && entry.isCommitted())
        .toList();
  }
}
