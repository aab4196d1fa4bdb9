package io.sirocco.worker.kvcache;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The room of the cache, and the finished sequences that stay in it until their room is needed.
 *
 * <p>Confined to the engine thread.
 */
public final class PrefixCache {
  private final CacheArena arena;
  private final int window;
  private final List<CachedTokens> remembered = new ArrayList<>(); // The longest unused first.

  /**
   * What a remembered sequence has for another one.
   *
   * @param cached the remembered one
   * @param tokens how many of the other one's first tokens it has
   */
  public record Match(CachedTokens cached, int tokens) {}

  /**
   * Makes a cache that remembers nothing.
   *
   * @param window how many tokens a token looks at, itself included
   */
  public PrefixCache(CacheArena arena, int window) {
    this.arena = arena;
    this.window = window;
  }

  /** Takes a place, for which as little as possible is forgotten; empty when there is no room. */
  public Optional<Extent> take(int capacity) {
    return take(capacity, null);
  }

  /**
   * Takes a place like {@link #take(int)}, but does not forget {@code spared} for it.
   *
   * @param spared what is to be copied into the place, or null
   */
  public Optional<Extent> take(int capacity, @Nullable CachedTokens spared) {
    Optional<Extent> place = arena.take(capacity);
    if (place.isEmpty() && forgetFor(capacity, spared)) {
      place = arena.take(capacity);
    }
    return place;
  }

  /** Gives a place back; nothing in it is remembered. */
  public void release(Extent place) {
    arena.release(place);
  }

  /** Remembers what a sequence leaves behind, whose place is taken, in place of what it covers. */
  public void remember(CachedTokens cached) {
    remembered.removeIf(other -> {
      boolean covered = cached.covers(other);
      if (covered) {
        arena.release(other.extent());
      }
      return covered;
    });
    remembered.add(cached);
  }

  /** Finds what has the most of a sequence's first tokens, {@code most} of which may be reused. */
  public Optional<Match> longest(int[] tokens, int most, @Nullable String salt) {
    Match longest = null;
    for (CachedTokens cached : remembered) {
      if (Objects.equals(cached.salt(), salt)) {
        int reusable = cached.reusable(tokens, most, window);
        if (reusable > (longest == null ? 0 : longest.tokens())) {
          longest = new Match(cached, reusable);
        }
      }
    }
    return Optional.ofNullable(longest);
  }

  /** Whether {@code cached} is remembered, and not that of a running sequence. */
  public boolean remembers(CachedTokens cached) {
    return remembered.contains(cached);
  }

  /** Hands a remembered place over to whoever goes on in it. */
  public void handOver(CachedTokens cached) {
    remembered.remove(cached);
  }

  /** Notes that something remembered was of use. */
  public void touch(CachedTokens cached) {
    if (remembered.remove(cached)) {
      remembered.add(cached);
    }
  }

  /** How many tokens' room is taken by running sequences. */
  public int runningTokens() {
    return arena.takenTokens() - rememberedTokens();
  }

  /** How many tokens' room is taken by what is remembered. */
  public int rememberedTokens() {
    return remembered.stream().mapToInt(cached -> cached.extent().capacity()).sum();
  }

  /** The capacity of the largest place that there can be. */
  public int largest() {
    return arena.largest();
  }

  /**
   * Makes a place free by forgetting what lies in it, where that has been unused for longest; false
   * when every place has something in it that is not to be forgotten.
   */
  private boolean forgetFor(int capacity, @Nullable CachedTokens spared) {
    CacheArena held = arena.copy();
    for (CachedTokens cached : remembered) {
      if (!cached.equals(spared)) {
        held.release(cached.extent());
      }
    }
    Extent coldest = null;
    int latestUse = Integer.MAX_VALUE;
    for (int base = 0; base + capacity <= arena.tokens(); base += capacity) {
      Extent place = new Extent(base, capacity);
      if (held.isFree(place) && latestUse(place) < latestUse) {
        coldest = place;
        latestUse = latestUse(place);
      }
    }
    if (coldest != null) {
      forgetWithin(coldest);
    }
    return coldest != null;
  }

  /** The rank in order of use of what was used last of all that lies in {@code place}. */
  private int latestUse(Extent place) {
    int rank = remembered.size() - 1;
    while (rank >= 0 && !remembered.get(rank).extent().overlaps(place)) {
      rank--;
    }
    return rank;
  }

  private void forgetWithin(Extent place) {
    remembered.removeIf(cached -> {
      boolean within = cached.extent().overlaps(place);
      if (within) {
        arena.release(cached.extent());
      }
      return within;
    });
  }
}
