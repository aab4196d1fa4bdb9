package io.sirocco.worker.reply;

import java.util.HashMap;
import java.util.Map;

/**
 * How far an answer is known to be in its log: as far as its pieces are acknowledged without a gap, as
 * readers drop what is behind one.
 *
 * <p>Confined to the reply thread.
 */
final class AcknowledgedPieces {
  private final Map<AnswerRecords.Place, AnswerRecords.Place> behindGap = new HashMap<>();
  private AnswerRecords.Place end;

  /** All before {@code begin} is in the log. */
  AcknowledgedPieces(AnswerRecords.Place begin) {
    this.end = begin;
  }

  /** Notes that what is between the two places is acknowledged. */
  void add(AnswerRecords.Place from, AnswerRecords.Place to) {
    behindGap.put(from, to);
    AnswerRecords.Place next;
    while ((next = behindGap.remove(end)) != null) {
      end = next;
    }
  }

  /** Behind the last piece that readers have for certain. */
  AnswerRecords.Place end() {
    return end;
  }
}
