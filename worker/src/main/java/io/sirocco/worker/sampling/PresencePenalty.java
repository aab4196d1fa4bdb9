package io.sirocco.worker.sampling;

/**
 * Takes a constant off the logits of tokens that the answer holds.
 *
 * <p>Confined to one thread at a time.
 *
 * <p>Source: OpenAI API documentation, "Frequency and presence penalties", the term of {@code
 * alpha_presence}.
 */
final class PresencePenalty implements LogitsStep {
  private final float penalty;
  private final TokenCounts answered = new TokenCounts();

  PresencePenalty(double penalty) {
    this.penalty = (float) penalty;
  }

  @Override
  public void apply(LogitsRow row) {
    for (int i = 0; i < answered.size(); i++) {
      int id = answered.tokenId(i);
      if (id < row.size()) {
        row.set(id, row.get(id) - penalty);
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
