package io.sirocco.worker.model.torch;

import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.Likeliest;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.PartialRow;
import io.sirocco.worker.model.RowForm;
import io.sirocco.worker.model.Shortlist;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The rows of one step as they come from the device, in one piece: the whole ones; the logits of all
 * shortlists, then their tokens, then what the rest of each weighs; then the greatest logits of the
 * others, then the tokens that have them.
 *
 * <p>Immutable.
 */
final class RemoteRows {
  private final ForwardInput input;
  private final int vocabularySize;
  private final int whole;
  private final int listed;
  private final int likeliest;

  RemoteRows(ForwardInput input, int vocabularySize) {
    this.input = input;
    this.vocabularySize = vocabularySize;
    whole = input.logitsRows(RowForm.WHOLE);
    listed = input.logitsRows(RowForm.SHORTLIST);
    likeliest = input.logitsRows(RowForm.LIKELIEST);
  }

  /** How many tokens a shortlist has. */
  int listLength() {
    return Math.min(Shortlist.LENGTH, vocabularySize);
  }

  /**
   * Returns the rows in the order of the input.
   *
   * @param values what came from the device
   * @param left has the rows of which shortlists were made, which are numbered in their order
   */
  LogitsBatch batch(float[] values, LogitsBatch.Left left) {
    if (listed + likeliest == 0) {
      return new LogitsBatch(values, vocabularySize);
    }
    SortedMap<Integer, PartialRow> partial = new TreeMap<>();
    int[] places = new int[input.logitsRows()];
    int lists = 0;
    int tokens = 0;
    int row = 0;
    for (Span span : input.spans()) {
      for (int end = row + span.logitsRows(); row < end; row++) {
        if (span.form() == RowForm.SHORTLIST) {
          places[row] = lists;
          partial.put(row, shortlist(values, lists++));
        } else if (span.form() == RowForm.LIKELIEST) {
          partial.put(row, likeliest(values, tokens++));
        }
      }
    }
    return new LogitsBatch(
        Arrays.copyOf(values, whole * vocabularySize),
        vocabularySize,
        partial,
        rows -> left.whole(IntStream.of(rows).map(number -> places[number]).toArray()));
  }

  private Shortlist shortlist(float[] values, int number) {
    int lists = whole * vocabularySize;
    int logits = lists + number * listLength();
    int tokens = logits + listed * listLength();
    int[] tokenIds = new int[listLength()];
    for (int i = 0; i < tokenIds.length; i++) {
      tokenIds[i] = (int) values[tokens + i];
    }
    return new Shortlist(
        tokenIds,
        Arrays.copyOfRange(values, logits, logits + listLength()),
        values[lists + 2 * listed * listLength() + number]);
  }

  private Likeliest likeliest(float[] values, int number) {
    int logit = whole * vocabularySize + listed * (2 * listLength() + 1) + number;
    return new Likeliest((int) values[logit + likeliest], values[logit]);
  }
}
