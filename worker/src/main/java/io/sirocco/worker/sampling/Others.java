package io.sirocco.worker.sampling;

/**
 * What tokens weigh together that are not among the candidates, where the likeliest candidate weighs
 * 1. None of them is as likely as any candidate.
 *
 * <p>Immutable.
 *
 * @param least 0 or more
 * @param most not less
 */
record Others(double least, double most) {
  /** There are none. */
  static final Others NONE = new Others(0, 0);

  /** So many of them may have been dropped. */
  Others orFewer() {
    return new Others(0, most);
  }
}
