package io.sirocco.worker.sampling;

import java.util.Set;

/**
 * Bans the tokens that end an answer until it has so many tokens.
 *
 * <p>Confined to one thread at a time.
 *
 * <p>Source: Hugging Face Transformers, {@code MinNewTokensLengthLogitsProcessor}.
 */
final class MinimumLength implements LogitsStep {
  private final int[] endIds;
  private int missing;

  MinimumLength(int minTokens, Set<Integer> endIds) {
    this.missing = minTokens;
    this.endIds = endIds.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public void apply(LogitsRow row) {
    for (int i = 0; i < endIds.length && missing > 0; i++) {
      if (endIds[i] < row.size()) {
        row.ban(endIds[i]);
      }
    }
  }

  @Override
  public boolean onlyLowers() {
    return true;
  }

  @Override
  public void accept(int tokenId) {
    missing = Math.max(0, missing - 1);
  }
}
