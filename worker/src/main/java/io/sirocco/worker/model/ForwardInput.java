package io.sirocco.worker.model;

import io.sirocco.worker.kvcache.Extent;
import java.util.List;

/**
 * What one step computes: for some sequences, the next tokens.
 *
 * <p>Immutable. No two spans share a place in the cache.
 *
 * @param spans at least one
 */
public record ForwardInput(List<Span> spans) {

  public ForwardInput {
    spans = List.copyOf(spans);
    if (spans.isEmpty()) {
      throw new IllegalArgumentException("expected at least one span, found none");
    }
  }

  /** The number of tokens in all spans. */
  public int tokens() {
    return spans.stream().mapToInt(span -> span.tokenIds().length).sum();
  }

  /** The number of rows of logits that all spans ask for. */
  public int logitsRows() {
    return spans.stream().mapToInt(Span::logitsRows).sum();
  }

  /** The number of rows of logits that are asked for in a form. */
  public int logitsRows(RowForm form) {
    return spans.stream()
        .filter(span -> span.form() == form)
        .mapToInt(Span::logitsRows)
        .sum();
  }

  /**
   * The next tokens of one sequence.
   *
   * <p>The array is not copied: neither side changes it after the call.
   *
   * @param extent the sequence's place in the cache; the tokens before the span and those of the span
   *     must fit into it, or the model's window must
   * @param start how many of the sequence's tokens are in the cache already, which is also the
   *     position of the first token of the span
   * @param tokenIds the tokens, at least one
   * @param logitsRows for how many of the span's last tokens logits are wanted: 0 while more of the
   *     prompt is to come, 1 to go on from here, all to check the model
   * @param form how much of each row serves: a model may leave out the rest
   * @param scale what the rows' logits are multiplied by before a token is drawn, above 0; a shortlist
   *     weighs with it what it leaves out
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // Spans are never compared, and a copy costs on every step.
  public record Span(
      Extent extent, int start, int[] tokenIds, int logitsRows, RowForm form, float scale) {
    /** All logits are wanted. */
    public Span(Extent extent, int start, int[] tokenIds, int logitsRows) {
      this(extent, start, tokenIds, logitsRows, RowForm.WHOLE);
    }

    /** Nothing is weighed, or it is weighed as it is. */
    public Span(Extent extent, int start, int[] tokenIds, int logitsRows, RowForm form) {
      this(extent, start, tokenIds, logitsRows, form, 1);
    }

    public Span {
      if (tokenIds.length == 0 || logitsRows < 0 || logitsRows > tokenIds.length) {
        throw new IllegalArgumentException(
            "expected 1 or more tokens and 0 to %d rows of logits, found %d tokens and %d rows"
                .formatted(tokenIds.length, tokenIds.length, logitsRows));
      }
    }
  }
}
