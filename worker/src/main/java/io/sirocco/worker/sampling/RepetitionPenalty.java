package io.sirocco.worker.sampling;

/**
 * Makes tokens that prompt or answer hold less likely, or more: positive logits are divided by the
 * penalty, others multiplied.
 *
 * <p>Confined to one thread at a time.
 *
 * <p>Source: Keskar et al. 2019, "CTRL: A Conditional Transformer Language Model for Controllable
 * Generation", section 4.1; for logits of both signs as Hugging Face's {@code
 * RepetitionPenaltyLogitsProcessor}.
 */
final class RepetitionPenalty implements LogitsStep {
  private final float penalty;
  private final TokenCounts seen = new TokenCounts();

  RepetitionPenalty(double penalty, int[] promptIds) {
    this.penalty = (float) penalty;
    for (int id : promptIds) {
      seen.add(id);
    }
  }

  @Override
  public void apply(LogitsRow row) {
    for (int i = 0; i < seen.size(); i++) {
      int id = seen.tokenId(i);
      if (id < row.size()) {
        float logit = row.get(id);
        row.set(id, logit > 0 ? logit / penalty : logit * penalty);
      }
    }
  }

  @Override
  public boolean onlyLowers() {
    return penalty >= 1;
  }

  @Override
  public void accept(int tokenId) {
    seen.add(tokenId);
  }
}
