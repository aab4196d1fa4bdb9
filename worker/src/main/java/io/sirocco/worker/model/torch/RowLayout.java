package io.sirocco.worker.model.torch;

import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.stream.LongStream;

/**
 * The rows of a step, one for each token, as they are added span by span.
 *
 * <p>Confined to the engine thread.
 */
final class RowLayout {
  private final int kvHeads;
  private final LongStream.Builder tokens = LongStream.builder();
  private final LongStream.Builder positions = LongStream.builder();
  private final LongStream.Builder written = LongStream.builder();
  private final LongStream.Builder headRows = LongStream.builder();
  private final IdentityHashMap<Span, Integer> firstRows = new IdentityHashMap<>();
  private int count;

  RowLayout(int kvHeads) {
    this.kvHeads = kvHeads;
  }

  /** How many rows there are. */
  int count() {
    return count;
  }

  /** Adds a span's tokens, and returns the row of the first. */
  int add(Span span) {
    int first = count;
    firstRows.put(span, first);
    int end = span.start() + span.tokenIds().length;
    int capacity = span.extent().capacity();
    long place = 2L * span.extent().base() * kvHeads;
    for (int position = span.start(); position < end; position++) {
      tokens.add(span.tokenIds()[position - span.start()]);
      positions.add(position);
      // A token that a later one of the span writes over must not be written as well: the order of
      // writes to the same row is not defined.
      if (position + capacity >= end) {
        written.add(count);
        for (int head = 0; head < 2 * kvHeads; head++) {
          headRows.add(place + (long) head * capacity + position % capacity);
        }
      }
      count++;
    }
    return first;
  }

  /** Adds rows that mean nothing until there are {@code minRows}. */
  void padTo(int minRows) {
    while (count < minRows) {
      tokens.add(0);
      positions.add(0);
      count++;
    }
  }

  /** The rows whose logits the spans of {@code input} ask for, in its order, then padding. */
  long[] logitsRows(ForwardInput input, int minRows) {
    LongStream.Builder rows = LongStream.builder();
    for (Span span : input.spans()) {
      int end = firstRows.getOrDefault(span, 0) + span.tokenIds().length;
      for (int row = end - span.logitsRows(); row < end; row++) {
        rows.add(row);
      }
    }
    long[] wanted = rows.build().toArray();
    return wanted.length == 0 ? wanted : Arrays.copyOf(wanted, Math.max(wanted.length, minRows));
  }

  long[] tokens() {
    return tokens.build().toArray();
  }

  long[] positions() {
    return positions.build().toArray();
  }

  long[] written() {
    return written.build().toArray();
  }

  long[] headRows() {
    return headRows.build().toArray();
  }
}
