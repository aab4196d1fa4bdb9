package io.sirocco.worker.sampling;

/**
 * Keeps likely tokens: of the tokens sorted by likelihood, of equals the smaller id first, so many of
 * the first. At least one is always left.
 *
 * <p>Implementations are immutable.
 */
sealed interface Truncation permits MinP, TopK, TopP {
  /** Replaces {@code candidates} by the tokens of a whole row that are kept. */
  void select(LogitsRow row, Candidates candidates);

  /** Drops from {@code candidates} those that are not kept. */
  void apply(Candidates candidates);

  /**
   * Drops from {@code candidates} those that are not kept, where there are others.
   *
   * @return false when it depends on the others which are kept; what is left is then undefined
   */
  default boolean apply(Candidates candidates, Others others) {
    apply(candidates);
    return true;
  }
}
