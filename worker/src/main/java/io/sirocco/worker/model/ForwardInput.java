package io.sirocco.worker.model;

import java.util.List;

/**
 * What one step computes: for some slots of the cache, the next tokens.
 *
 * <p>Immutable. A slot occurs at most once.
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

  /**
   * The next tokens of one sequence.
   *
   * <p>The array is not copied: neither side changes it after the call.
   *
   * @param slot the sequence's place in the cache
   * @param start how many of the sequence's tokens are in the cache already, which is also the
   *     position of the first token of the span
   * @param tokenIds the tokens, at least one
   * @param logitsRows for how many of the span's last tokens logits are wanted: 0 while more of the
   *     prompt is to come, 1 to go on from here, all to check the model
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // Spans are never compared, and a copy costs on every step.
  public record Span(int slot, int start, int[] tokenIds, int logitsRows) {
    public Span {
      if (tokenIds.length == 0 || logitsRows < 0 || logitsRows > tokenIds.length) {
        throw new IllegalArgumentException(
            "expected 1 or more tokens and 0 to %d rows of logits, found %d tokens and %d rows"
                .formatted(tokenIds.length, tokenIds.length, logitsRows));
      }
    }
  }
}
