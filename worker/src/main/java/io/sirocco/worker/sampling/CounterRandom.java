package io.sirocco.worker.sampling;

/**
 * Random numbers that are a function of their place: seed, choice, position and token id.
 *
 * <p>A generator with a state would have to be restored when an answer is resumed elsewhere, and
 * would make a token depend on how many draws came before it. This one has none.
 *
 * <p>For each position the key starts a SplitMix64 sequence of its own, of which the token id picks
 * one element.
 *
 * <p>Immutable.
 *
 * <p>Source: Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3" (counters instead of
 * state); Steele, Lea, Flood 2014, "Fast Splittable Pseudorandom Number Generators", figure 17.
 */
final class CounterRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /** Returns the key of one position of one choice. */
  static long key(long seed, int choice, int position) {
    return mix(mix(seed + GOLDEN_GAMMA) ^ mix(((long) choice << Integer.SIZE) | position));
  }

  /** Returns a number above 0 and below 1. */
  static double uniform(long key, int tokenId) {
    return fraction(mix(key + (tokenId + 1L) * GOLDEN_GAMMA));
  }

  /** The upper 52 bits and a half: with one bit more, the greatest would be rounded to 1. */
  static double fraction(long bits) {
    return ((bits >>> 12) + 0.5) * 0x1p-52;
  }

  private static long mix(long z) {
    long mixed = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
