package io.sirocco.worker.model.torch;

import io.sirocco.worker.model.ForwardInput.Span;
import java.util.Arrays;

/**
 * The rows of a step, one for each token, as they are added span by span. What is never added is
 * padding: token 0 at position 0.
 *
 * <p>Confined to the engine thread.
 */
final class RowLayout {
  private final int kvHeads;
  private final long firstValue;
  private final long[] tokens;
  private final long[] positions;
  private final long[] written;
  private final long[] headRows;
  private int count;
  private int writtenCount;

  /**
   * Makes room for {@code rows} rows, padding included.
   *
   * @param cacheTokens the keys of so many tokens are in a cache before the values
   */
  RowLayout(int rows, int kvHeads, int cacheTokens) {
    this.kvHeads = kvHeads;
    firstValue = (long) cacheTokens * kvHeads;
    tokens = new long[rows];
    positions = new long[rows];
    written = new long[rows];
    headRows = new long[rows * 2 * kvHeads];
  }

  /** How many rows were added. */
  int count() {
    return count;
  }

  /** Adds a span's tokens, and returns the row of the first. */
  int add(Span span) {
    int first = count;
    int end = span.start() + span.tokenIds().length;
    int capacity = span.extent().capacity();
    long place = (long) span.extent().base() * kvHeads;
    for (int position = span.start(); position < end; position++) {
      tokens[count] = span.tokenIds()[position - span.start()];
      positions[count] = position;
      // A token that a later one of the span writes over must not be written as well: the order of
      // writes to the same row is not defined.
      if (position + capacity >= end) {
        write(place + position % capacity, capacity);
      }
      count++;
    }
    return first;
  }

  private void write(long firstKey, int capacity) {
    int row = writtenCount * 2 * kvHeads;
    for (int head = 0; head < kvHeads; head++) {
      long key = firstKey + (long) head * capacity;
      headRows[row + head] = key;
      headRows[row + kvHeads + head] = firstValue + key;
    }
    written[writtenCount++] = count;
  }

  long[] tokens() {
    return tokens;
  }

  long[] positions() {
    return positions;
  }

  long[] written() {
    return Arrays.copyOf(written, writtenCount);
  }

  long[] headRows() {
    return Arrays.copyOf(headRows, writtenCount * 2 * kvHeads);
  }
}
