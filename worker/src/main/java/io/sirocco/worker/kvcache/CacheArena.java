package io.sirocco.worker.kvcache;

import java.util.BitSet;
import java.util.Optional;

/**
 * The room of the key-value cache, and what of it is taken.
 *
 * <p>Places are powers of two at multiples of themselves, as in a buddy allocator: any two are apart
 * or one holds the other, so that what small places leave behind adds up to large ones again. The
 * lowest place is handed out first, and so places of equal size come to lie side by side.
 *
 * <p>Confined to the engine thread.
 *
 * <p>Source: Knowlton 1965, "A Fast Storage Allocator".
 */
public final class CacheArena {
  /** The smallest place, and what the room is counted in. */
  public static final int GRAIN = 64;

  private final int grains;
  private final BitSet taken = new BitSet();

  /**
   * Makes an arena in which all is free.
   *
   * @param tokens its size; what exceeds a multiple of {@value #GRAIN} is not used
   */
  public CacheArena(int tokens) {
    grains = tokens / GRAIN;
    if (grains < 1) {
      throw new IllegalArgumentException(
          "expected a cache of %d or more tokens, found %d".formatted(GRAIN, tokens));
    }
  }

  /** The capacity of the smallest place that holds {@code tokens}. */
  public static int capacityFor(int tokens) {
    return Math.max(GRAIN, Extent.capacityFor(tokens));
  }

  /** Takes the lowest free place of that capacity; empty when there is none. */
  public Optional<Extent> take(int capacity) {
    for (int base = 0; base + capacity <= tokens(); base += capacity) {
      Extent place = new Extent(base, capacity);
      if (isFree(place)) {
        taken.set(grain(base), grain(place.end()));
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  /**
   * Gives a place back.
   *
   * @throws IllegalStateException when it is not taken
   */
  public void release(Extent place) {
    if (taken.nextClearBit(grain(place.base())) < grain(place.end())) {
      throw new IllegalStateException("expected a taken place, found " + place + " free");
    }
    taken.clear(grain(place.base()), grain(place.end()));
  }

  /** Whether nothing of {@code place} is taken. */
  boolean isFree(Extent place) {
    int next = taken.nextSetBit(grain(place.base()));
    return next < 0 || next >= grain(place.end());
  }

  /** An arena of the same size in which the same is taken. */
  CacheArena copy() {
    CacheArena copy = new CacheArena(tokens());
    copy.taken.or(taken);
    return copy;
  }

  /** How many tokens there is room for, taken or not. */
  public int tokens() {
    return grains * GRAIN;
  }

  /** How many tokens' room is taken. */
  public int takenTokens() {
    return taken.cardinality() * GRAIN;
  }

  /** The capacity of the largest place that there can be. */
  public int largest() {
    return Integer.highestOneBit(grains) * GRAIN;
  }

  private static int grain(int token) {
    return token / GRAIN;
  }
}
