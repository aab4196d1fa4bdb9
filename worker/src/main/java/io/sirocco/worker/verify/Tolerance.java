package io.sirocco.worker.verify;

/**
 * How far logits may be from those of the reference.
 *
 * <p>Immutable.
 *
 * @param largest for each of them
 * @param typical for the root of the mean square of all differences: of coarse number formats it
 *     tells more, since one of many logits is always far off
 */
public record Tolerance(double largest, double typical) {

  /** That each logit is so near. */
  public static Tolerance ofEach(double largest) {
    return new Tolerance(largest, largest);
  }
}
