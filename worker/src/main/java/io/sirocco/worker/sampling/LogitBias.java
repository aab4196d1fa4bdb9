package io.sirocco.worker.sampling;

import java.util.Map;

/**
 * Adds a constant to the logits of single tokens.
 *
 * <p>Immutable.
 *
 * <p>Source: OpenAI API reference, "Create chat completion", {@code logit_bias}.
 */
final class LogitBias implements LogitsStep {
  private final int[] tokenIds;
  private final float[] biases;

  /** Makes the step; {@code bias} is by token id. */
  LogitBias(Map<Integer, Float> bias) {
    tokenIds = bias.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    biases = new float[tokenIds.length];
    for (int i = 0; i < tokenIds.length; i++) {
      biases[i] = bias.getOrDefault(tokenIds[i], 0f);
    }
  }

  @Override
  public void apply(LogitsRow row) {
    for (int i = 0; i < tokenIds.length && tokenIds[i] < row.size(); i++) {
      row.set(tokenIds[i], row.get(tokenIds[i]) + biases[i]);
    }
  }

  @Override
  public boolean onlyLowers() {
    for (float bias : biases) {
      if (bias > 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void accept(int tokenId) {
    // A bias is the same for every token.
  }
}
