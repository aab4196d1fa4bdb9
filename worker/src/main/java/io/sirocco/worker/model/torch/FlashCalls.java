package io.sirocco.worker.model.torch;

import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.ModelShape;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The calls of flash attention in a step: one for all single tokens, and one for all longer spans, in
 * places of one capacity, wherever they are.
 *
 * <p>Immutable.
 *
 * @param calls as the program takes them
 * @param lengths of all calls, as the program takes them
 */
@SuppressWarnings("ArrayRecordComponent") // Arguments of one call; never compared.
record FlashCalls(long[] calls, long[] lengths) {
  /** Longer spans first; then by capacity. */
  private static final Comparator<Span> BY_CALL = Comparator.<Span, Boolean>comparing(
          FlashCalls::isSingle)
      .thenComparingInt(span -> span.extent().capacity())
      .thenComparingInt(span -> span.extent().base());

  /** Spans of one call are neighbours in this order, in which their rows are to follow each other. */
  static List<Span> inOrder(List<Span> spans) {
    return spans.stream().sorted(BY_CALL).toList();
  }

  /**
   * Describes the calls.
   *
   * @param spans in their order
   * @param firstRow of the first span
   */
  static FlashCalls of(List<Span> spans, int firstRow, ModelShape shape, int kvHeads) {
    LongStream.Builder calls = LongStream.builder();
    LongStream.Builder lengths = LongStream.builder();
    int row = firstRow;
    for (int from = 0, to; from < spans.size(); from = to) {
      to = from + 1;
      while (to < spans.size() && isOneCall(spans.get(from), spans.get(to))) {
        to++;
      }
      row += add(spans.subList(from, to), row, shape, kvHeads, calls, lengths);
    }
    return new FlashCalls(calls.build().toArray(), lengths.build().toArray());
  }

  private static boolean isSingle(Span span) {
    return span.tokenIds().length == 1;
  }

  private static boolean isOneCall(Span one, Span other) {
    return isSingle(one) == isSingle(other)
        && one.extent().capacity() == other.extent().capacity();
  }

  /** Adds a call, and returns how many rows it has. */
  private static int add(
      List<Span> members,
      int firstRow,
      ModelShape shape,
      int kvHeads,
      LongStream.Builder calls,
      LongStream.Builder lengths) {
    int capacity = members.get(0).extent().capacity();
    LongStream.Builder begins = LongStream.builder();
    LongStream.Builder keys = LongStream.builder();
    int rows = 0;
    int mostQueries = 0;
    int mostKeys = 0;
    for (Span member : members) {
      int queries = member.tokenIds().length;
      int kept = Math.min(member.start() + queries, capacity);
      lengths.add(rows);
      begins.add((long) member.extent().base() * kvHeads);
      keys.add(kept);
      rows += queries;
      mostQueries = Math.max(mostQueries, queries);
      mostKeys = Math.max(mostKeys, kept);
    }
    lengths.add(rows);
    begins.add(0); // Would be where the last keys end, which their number says.
    begins.build().forEach(lengths::add);
    keys.build().forEach(lengths::add);
    // Where nobody has more keys than the window, the kernel is faster without one.
    int left = mostKeys > shape.windowTokens() ? shape.windowTokens() - 1 : -1;
    calls.add(firstRow).add(rows).add(members.size()).add(capacity);
    calls.add(mostQueries).add(mostKeys).add(left);
    return rows;
  }
}
