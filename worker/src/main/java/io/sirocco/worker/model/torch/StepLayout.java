package io.sirocco.worker.model.torch;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ModelShape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A step as flat arrays: one row for each token of all spans, in their order.
 *
 * <p>Immutable.
 *
 * @param tokens {@code [T]} token ids
 * @param positions {@code [T]} positions in their sequences
 * @param headRows {@code [T * kvHeads]} where the heads of a token are written
 * @param logitsRows {@code [R]} the rows whose logits are asked for
 * @param spans for each span: place of its first key head, capacity, first row, tokens, start
 */
@SuppressWarnings("ArrayRecordComponent") // Arguments of one call; never compared.
record StepLayout(
    long[] tokens, long[] positions, long[] headRows, long[] logitsRows, long[] spans) {
  static final int SPAN_FIELDS = 5;

  /**
   * Lays a step out.
   *
   * @throws IllegalArgumentException when a span does not fit into the cache, for it would be
   *     written over other sequences
   */
  static StepLayout of(ForwardInput input, ModelShape shape, int kvHeads) {
    check(input.spans(), shape);
    int rows = input.tokens();
    StepLayout layout = new StepLayout(
        new long[rows],
        new long[rows],
        new long[rows * kvHeads],
        new long[input.logitsRows()],
        new long[SPAN_FIELDS * input.spans().size()]);
    int row = 0;
    int logitsRow = 0;
    for (int i = 0; i < input.spans().size(); i++) {
      ForwardInput.Span span = input.spans().get(i);
      int count = span.tokenIds().length;
      layout.putSpan(i, span, row, kvHeads);
      for (int token = 0; token < count; token++) {
        layout.tokens[row + token] = span.tokenIds()[token];
        layout.positions[row + token] = (long) span.start() + token;
        layout.putHeads(row + token, span.extent(), kvHeads);
      }
      row += count;
      for (int wanted = row - span.logitsRows(); wanted < row; wanted++) {
        layout.logitsRows[logitsRow++] = wanted;
      }
    }
    return layout;
  }

  private void putHeads(int row, Extent extent, int kvHeads) {
    long first = (long) extent.base() * kvHeads + positions[row] % extent.capacity();
    for (int head = 0; head < kvHeads; head++) {
      headRows[row * kvHeads + head] = first + (long) head * extent.capacity();
    }
  }

  private void putSpan(int index, ForwardInput.Span span, int row, int kvHeads) {
    int field = SPAN_FIELDS * index;
    spans[field] = (long) span.extent().base() * kvHeads;
    spans[field + 1] = span.extent().capacity();
    spans[field + 2] = row;
    spans[field + 3] = span.tokenIds().length;
    spans[field + 4] = span.start();
  }

  private static void check(List<ForwardInput.Span> spans, ModelShape shape) {
    List<Extent> extents = new ArrayList<>();
    for (ForwardInput.Span span : spans) {
      extents.add(span.extent());
      long end = (long) span.start() + span.tokenIds().length;
      if (span.start() < 0
          || end > Math.min(shape.contextTokens(), span.extent().capacity())) {
        throw new IllegalArgumentException("expected tokens within %s, found positions %d to %d"
            .formatted(span.extent(), span.start(), end - 1));
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
