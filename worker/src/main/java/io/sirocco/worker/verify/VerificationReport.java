package io.sirocco.worker.verify;

import java.util.List;

/**
 * How far a model is from the reference.
 *
 * <p>Immutable.
 *
 * @param logitsCompared how many logits the golden file holds
 * @param largestLogitDifference the largest absolute difference from any of them; NaN when the model
 *     gave no number
 * @param typicalLogitDifference the root of the mean square of all differences, or NaN
 * @param greedyCompared how many greedy tokens the golden file holds
 * @param disagreements the steps at which the model prefers another token, in order
 * @param textsCompared how many texts the tokenizer was asked to encode or decode
 * @param textFaults what it got wrong, one line each, without the texts
 */
public record VerificationReport(
    long logitsCompared,
    double largestLogitDifference,
    double typicalLogitDifference,
    int greedyCompared,
    List<Disagreement> disagreements,
    int textsCompared,
    List<String> textFaults) {

  public VerificationReport {
    disagreements = List.copyOf(disagreements);
    textFaults = List.copyOf(textFaults);
  }

  /** How many greedy tokens are the reference's. */
  public int greedyAgreeing() {
    return greedyCompared - disagreements.size();
  }

  /**
   * Whether the model computes what the reference does, but for rounding: something of it was
   * compared, no logit and not all together differ by more than the tolerance, no greedy token was
   * preferred by more than two errors of that size explain, and the texts agree.
   */
  public boolean passes(Tolerance tolerance) {
    return logitsCompared + greedyCompared > 0
        && largestLogitDifference <= tolerance.largest()
        && typicalLogitDifference <= tolerance.typical()
        && disagreements.stream().allMatch(step -> step.gap() <= 2 * tolerance.largest())
        && textFaults.isEmpty();
  }
}
