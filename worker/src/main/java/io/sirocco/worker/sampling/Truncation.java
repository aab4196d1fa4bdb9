package io.sirocco.worker.sampling;

/**
 * Drops unlikely candidates. At least one is always left: the likeliest.
 *
 * <p>Implementations are immutable.
 */
sealed interface Truncation permits MinP, TopK, TopP {
  /** Drops from {@code candidates} those that may not be drawn. */
  void apply(Candidates candidates);
}
