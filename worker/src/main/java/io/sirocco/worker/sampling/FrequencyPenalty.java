package io.sirocco.worker.sampling;

/**
 * Takes a constant off the logits of tokens for each time that the answer holds them.
 *
 * <p>Confined to one thread at a time.
 *
 * <p>Source: OpenAI API documentation, "Frequency and presence penalties", the term of {@code
 * alpha_frequency}.
 */
final class FrequencyPenalty implements LogitsStep {
  private final float penalty;
  private final TokenCounts answered = new TokenCounts();

  FrequencyPenalty(double penalty) {
    this.penalty = (float) penalty;
  }

  @Override
  public void apply(LogitsRow row) {
    for (int i = 0; i < answered.size(); i++) {
      int id = answered.tokenId(i);
      if (id < row.size()) {
        row.set(id, row.get(id) - answered.count(i) * penalty);
      }
    }
  }

  @Override
  public boolean onlyLowers() {
    return penalty >= 0;
  }

  @Override
  public void accept(int tokenId) {
    answered.add(tokenId);
  }
}
