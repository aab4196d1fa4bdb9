package io.sirocco.worker.kvcache;

/**
 * A sequence's place in the key-value cache: a run of tokens without a gap.
 *
 * <p>The token at position {@code p} of its sequence is kept at {@code base + p % capacity}: a model
 * that looks back over a window needs no more room than the window, and goes round in it.
 *
 * <p>Immutable.
 *
 * @param base the first token of the place, counted from the cache's beginning; a multiple of the
 *     capacity
 * @param capacity how many tokens it holds; a power of two
 */
public record Extent(int base, int capacity) {

  public Extent {
    if (capacity < 1 || Integer.bitCount(capacity) != 1 || base < 0 || base % capacity != 0) {
      throw new IllegalArgumentException(
          "expected a power of two as capacity and a multiple of it as base, found %d and %d"
              .formatted(capacity, base));
    }
  }

  /** The least capacity that holds {@code tokens}. */
  public static int capacityFor(int tokens) {
    return tokens <= 1 ? 1 : Integer.highestOneBit(tokens - 1) << 1;
  }

  /** Whether a token lies in both. */
  public boolean overlaps(Extent other) {
    return base < other.end() && other.base < end();
  }

  /** The first token behind the place. */
  public int end() {
    return base + capacity;
  }
}
