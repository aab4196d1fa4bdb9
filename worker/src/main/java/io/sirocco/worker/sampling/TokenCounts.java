package io.sirocco.worker.sampling;

import java.util.Arrays;

/**
 * Which tokens were seen, and how often each.
 *
 * <p>The distinct tokens are numbered in the order in which they came, so that a step goes over them
 * without looking anything up.
 *
 * <p>Confined to one thread at a time.
 *
 * <p>Source: Knuth 1998, "The Art of Computer Programming", volume 3, section 6.4, algorithm L (the
 * table of places is a hash table with linear probing).
 */
final class TokenCounts {
  private static final int FREE = 0;
  private static final int GOLDEN_RATIO = 0x9E3779B9;

  private int[] tokenIds = new int[32];
  private int[] counts = new int[32];

  /** For each hash, the index of a token and one, or {@link #FREE}; at most half of it is taken. */
  private int[] places = new int[64];

  private int size;

  /** How many distinct tokens were seen. */
  int size() {
    return size;
  }

  /** The token at {@code index}. */
  int tokenId(int index) {
    return tokenIds[index];
  }

  /** How often the token at {@code index} was seen. */
  int count(int index) {
    return counts[index];
  }

  /** Counts a token once more. */
  void add(int tokenId) {
    int place = placeOf(tokenId);
    if (places[place] != FREE) {
      counts[places[place] - 1]++;
      return;
    }
    if (size == tokenIds.length) {
      grow();
      place = placeOf(tokenId);
    }
    tokenIds[size] = tokenId;
    counts[size++] = 1;
    places[place] = size;
  }

  private void grow() {
    tokenIds = Arrays.copyOf(tokenIds, 2 * size);
    counts = Arrays.copyOf(counts, 2 * size);
    places = new int[4 * size];
    for (int i = 0; i < size; i++) {
      places[placeOf(tokenIds[i])] = i + 1;
    }
  }

  /** Returns the place of a token, or the free one where it belongs. */
  private int placeOf(int tokenId) {
    int mask = places.length - 1;
    int place = ((tokenId * GOLDEN_RATIO) >>> Short.SIZE) & mask;
    while (places[place] != FREE && tokenIds[places[place] - 1] != tokenId) {
      place = (place + 1) & mask;
    }
    return place;
  }
}
