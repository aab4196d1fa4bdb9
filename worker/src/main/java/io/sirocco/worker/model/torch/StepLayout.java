package io.sirocco.worker.model.torch;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.ModelShape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A step as flat arrays: one row for each token.
 *
 * <p>Spans of several tokens come first. Single tokens follow, in the order of their places: those
 * in places of equal capacity are computed as one group, however their lengths differ. Last is what
 * flash attention takes.
 *
 * <p>Immutable.
 *
 * @param tokens {@code [T]} token ids, padding included
 * @param positions {@code [T]} positions in their sequences
 * @param written {@code [W]} the rows whose keys and values are kept
 * @param headRows {@code [W * 2 * kvHeads]} where in the caches
 * @param logitsRows {@code [R]} the rows whose logits are asked for, in the order of the input, then padding
 * @param spans of several tokens, as the program takes them
 * @param groups of single tokens, as the program takes them
 * @param calls of flash attention
 */
@SuppressWarnings("ArrayRecordComponent") // Arguments of one call; never compared.
record StepLayout(
    long[] tokens,
    long[] positions,
    long[] written,
    long[] headRows,
    long[] logitsRows,
    long[] spans,
    long[] groups,
    FlashCalls calls) {
  private static final Comparator<Span> BY_PLACE = Comparator.<Span>comparingInt(
          span -> span.extent().capacity())
      .thenComparingInt(span -> span.extent().base());

  /** Lays a step out that has no flash attention. */
  static StepLayout of(ForwardInput input, ModelShape shape, int kvHeads, int minRows) {
    return of(input, shape, kvHeads, minRows, FlashRule.NONE);
  }

  /**
   * Lays a step out.
   *
   * @param minRows fewer rows are padded to so many
   * @param flash which spans are computed by flash attention
   * @throws IllegalArgumentException when a span does not fit into the cache, for it would be
   *     written over other sequences
   */
  static StepLayout of(
      ForwardInput input, ModelShape shape, int kvHeads, int minRows, FlashRule flash) {
    check(input.spans(), shape);
    RowLayout rows = new RowLayout(Math.max(input.tokens(), minRows), kvHeads, shape.cacheTokens());
    IdentityHashMap<Span, Integer> firstRows = new IdentityHashMap<>();
    LongStream.Builder spans = LongStream.builder();
    List<Span> single = new ArrayList<>();
    List<Span> flashed = new ArrayList<>();
    for (Span span : input.spans()) {
      if (flash.takes(span)) {
        flashed.add(span);
      } else if (span.tokenIds().length == 1) {
        single.add(span);
      } else {
        int first = rows.add(span);
        firstRows.put(span, first);
        spans.add(place(span, kvHeads)).add(span.extent().capacity());
        spans.add(first).add(span.tokenIds().length).add(span.start());
      }
    }
    single.sort(BY_PLACE);
    LongStream.Builder groups = LongStream.builder();
    for (int from = 0, to; from < single.size(); from = to) {
      to = endOfGroup(single, from);
      addGroup(groups, single.subList(from, to), rows, firstRows, kvHeads);
    }
    int firstFlashed = rows.count();
    List<Span> ordered = FlashCalls.inOrder(flashed);
    ordered.forEach(span -> firstRows.put(span, rows.add(span)));
    return new StepLayout(
        rows.tokens(),
        rows.positions(),
        rows.written(),
        rows.headRows(),
        logitsRows(input, firstRows, minRows),
        spans.build().toArray(),
        groups.build().toArray(),
        FlashCalls.of(ordered, firstFlashed, shape, kvHeads));
  }

  private static long[] logitsRows(
      ForwardInput input, IdentityHashMap<Span, Integer> firstRows, int minRows) {
    int wanted = input.logitsRows();
    long[] rows = new long[wanted == 0 ? 0 : Math.max(wanted, minRows)];
    int count = 0;
    for (Span span : input.spans()) {
      int end = firstRows.getOrDefault(span, 0) + span.tokenIds().length;
      for (int row = end - span.logitsRows(); row < end; row++) {
        rows[count++] = row;
      }
    }
    return rows;
  }

  private static int endOfGroup(List<Span> single, int from) {
    int to = from;
    while (to < single.size()
        && single.get(to).extent().capacity() == single.get(from).extent().capacity()) {
      to++;
    }
    return to;
  }

  private static void addGroup(
      LongStream.Builder groups,
      List<Span> members,
      RowLayout rows,
      IdentityHashMap<Span, Integer> firstRows,
      int kvHeads) {
    LongStream.Builder runs = LongStream.builder();
    int runCount = 0;
    int length = 0;
    int firstRow = rows.count();
    int run = 0;
    for (int i = 0; i < members.size(); i++) {
      Span member = members.get(i);
      firstRows.put(member, rows.add(member));
      length = Math.max(length, member.start() + 1);
      boolean runEnds = i + 1 == members.size()
          || members.get(i + 1).extent().base() != member.extent().end();
      if (runEnds) {
        runs.add(place(members.get(run), kvHeads)).add(i + 1 - run);
        runCount++;
        run = i + 1;
      }
    }
    int capacity = members.get(0).extent().capacity();
    groups.add(firstRow).add(members.size()).add(runCount);
    groups.add(capacity).add(Math.min(length, capacity));
    runs.build().forEach(groups::add);
  }

  private static long place(Span span, int kvHeads) {
    return (long) span.extent().base() * kvHeads;
  }

  private static void check(List<Span> spans, ModelShape shape) {
    List<Extent> extents = new ArrayList<>();
    for (Span span : spans) {
      extents.add(span.extent());
      long end = (long) span.start() + span.tokenIds().length;
      boolean goesRound = span.extent().capacity() >= shape.windowTokens();
      int last = goesRound ? shape.contextTokens() : span.extent().capacity();
      if (span.start() < 0 || end > Math.min(last, shape.contextTokens())) {
        throw new IllegalArgumentException("expected positions 0 to %d in %s, found %d to %d"
            .formatted(
                Math.min(last, shape.contextTokens()) - 1, span.extent(), span.start(), end - 1));
      }
    }
    extents.sort(Comparator.comparingInt(Extent::base));
    int free = 0;
    for (Extent extent : extents) {
      if (extent.base() < free || extent.end() > shape.cacheTokens()) {
        throw new IllegalArgumentException("expected places apart from %d to %d, found %s"
            .formatted(free, shape.cacheTokens() - 1, extent));
      }
      free = extent.end();
    }
  }
}
