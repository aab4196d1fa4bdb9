package io.sirocco.worker.model.torch;

import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ModelShape;
import java.util.BitSet;
import java.util.List;

/**
 * A step as flat arrays: one row for each token of all spans, in their order.
 *
 * <p>Immutable.
 *
 * @param tokens {@code [T]} token ids
 * @param positions {@code [T]} positions in their sequences
 * @param cacheRows {@code [T]} where the first key head of a token is written, counted in heads
 * @param logitsRows {@code [R]} the rows whose logits are asked for
 * @param spans for each span: slot, first row, tokens, start
 */
@SuppressWarnings("ArrayRecordComponent") // Arguments of one call; never compared.
record StepLayout(
    long[] tokens, long[] positions, long[] cacheRows, long[] logitsRows, long[] spans) {
  static final int SPAN_FIELDS = 4;

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
        new long[rows],
        new long[input.logitsRows()],
        new long[SPAN_FIELDS * input.spans().size()]);
    int row = 0;
    int logitsRow = 0;
    for (int i = 0; i < input.spans().size(); i++) {
      ForwardInput.Span span = input.spans().get(i);
      int count = span.tokenIds().length;
      layout.putSpan(i, span, row);
      long slotRow = (long) span.slot() * kvHeads * shape.contextTokens();
      for (int token = 0; token < count; token++) {
        layout.tokens[row + token] = span.tokenIds()[token];
        layout.positions[row + token] = (long) span.start() + token;
        layout.cacheRows[row + token] = slotRow + layout.positions[row + token];
      }
      row += count;
      for (int wanted = row - span.logitsRows(); wanted < row; wanted++) {
        layout.logitsRows[logitsRow++] = wanted;
      }
    }
    return layout;
  }

  private void putSpan(int index, ForwardInput.Span span, int row) {
    spans[SPAN_FIELDS * index] = span.slot();
    spans[SPAN_FIELDS * index + 1] = row;
    spans[SPAN_FIELDS * index + 2] = span.tokenIds().length;
    spans[SPAN_FIELDS * index + 3] = span.start();
  }

  private static void check(List<ForwardInput.Span> spans, ModelShape shape) {
    BitSet used = new BitSet(shape.slots());
    for (ForwardInput.Span span : spans) {
      long end = (long) span.start() + span.tokenIds().length;
      if (span.slot() < 0 || span.slot() >= shape.slots() || used.get(span.slot())) {
        throw new IllegalArgumentException("expected different slots from 0 to %d, found %d"
            .formatted(shape.slots() - 1, span.slot()));
      }
      if (span.start() < 0 || end > shape.contextTokens()) {
        throw new IllegalArgumentException("expected tokens at positions 0 to %d, found %d to %d"
            .formatted(shape.contextTokens() - 1, span.start(), end - 1));
      }
      used.set(span.slot());
    }
  }
}
