package io.sirocco.worker.sampling;

import java.util.Arrays;

/**
 * Bans the tokens that would make a sequence of a given length appear twice in prompt and answer.
 *
 * <p>Confined to one thread at a time.
 *
 * <p>Source: Paulus, Xiong, Socher 2017, "A Deep Reinforced Model for Abstractive Summarization",
 * section 2.5; over the prompt as well, as Hugging Face's {@code NoRepeatNGramLogitsProcessor}.
 */
final class NoRepeatNgram implements LogitsStep {
  private final int length;
  private int[] tokens;
  private int size;

  /**
   * Makes the step.
   *
   * @param length of the sequences, at least 1
   */
  NoRepeatNgram(int length, int[] promptIds) {
    this.length = length;
    this.tokens = Arrays.copyOf(promptIds, promptIds.length + 64);
    this.size = promptIds.length;
  }

  @Override
  public void apply(LogitsRow row) {
    int begun = length - 1; // How many tokens of the next sequence are there.
    for (int end = begun; end < size; end++) {
      if (tokens[end] < row.size() && endsAlike(end, begun)) {
        row.ban(tokens[end]);
      }
    }
  }

  /** Whether the {@code count} tokens before {@code end} are the last ones once more. */
  private boolean endsAlike(int end, int count) {
    for (int back = 1; back <= count; back++) {
      if (tokens[end - back] != tokens[size - back]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean onlyLowers() {
    return true;
  }

  @Override
  public void accept(int tokenId) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * size);
    }
    tokens[size++] = tokenId;
  }
}
