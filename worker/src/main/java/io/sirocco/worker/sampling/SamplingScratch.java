package io.sirocco.worker.sampling;

/**
 * The memory in which one row is worked on, so that no row allocates its own.
 *
 * <p>Confined to one thread at a time; an instance is used again for every row.
 */
public final class SamplingScratch {
  private final LogitsRow row;
  private final Candidates candidates;

  /** Makes room for a vocabulary of that many tokens. */
  public SamplingScratch(int vocabularySize) {
    row = new LogitsRow(vocabularySize);
    candidates = new Candidates(vocabularySize);
  }

  LogitsRow row() {
    return row;
  }

  Candidates candidates() {
    return candidates;
  }
}
