package io.sirocco.worker.engine;

import io.sirocco.worker.kvcache.CacheArena;
import io.sirocco.worker.kvcache.CachedTokens;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.kvcache.PrefixCache;
import io.sirocco.worker.kvcache.PrefixCache.Match;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ModelStepException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives sequences their places in the cache, together with as many of their tokens as somebody else
 * has there already.
 *
 * <p>A sequence begins in a place for its prompt and a little more. When it outgrows it, it moves to
 * one of twice the size, up to the size of the model's window, in which it then goes round.
 *
 * <p>Confined to the engine thread.
 */
final class Places {
  private static final Logger log = LoggerFactory.getLogger(Places.class);

  /** The tokens by which the first place exceeds the prompt, for short answers not to move. */
  private static final int SPARE = 32;

  private final CausalModel model;
  private final PrefixCache cache;
  private final SharedPrefixes prefixes;
  private final int window;

  /** What became of a sequence that wants a place. */
  enum Admission {
    /** It has one. */
    ADMITTED,
    /** It is to wait until a sequence with the same beginning is computed. */
    PREFIX_COMING,
    /** It is to wait until others leave. */
    NO_ROOM
  }

  Places(CausalModel model) {
    this.model = model;
    this.window = model.shape().windowTokens();
    this.cache = new PrefixCache(new CacheArena(model.shape().cacheTokens()), window);
    this.prefixes = new SharedPrefixes(cache, window);
  }

  /** Whether the longest that the sequence may become has room when nothing else is there. */
  boolean canEverHold(Sequence sequence) {
    return capacityFor(sequence.mostTokens()) <= cache.largest();
  }

  /** The most tokens of one sequence that there can be room for. */
  int largest() {
    return cache.largest();
  }

  /** How many tokens' room running sequences take. */
  int takenTokens() {
    return cache.runningTokens();
  }

  /** How many tokens' room finished sequences take, until it is needed. */
  int rememberedTokens() {
    return cache.rememberedTokens();
  }

  /** Gives a sequence its place. */
  Admission admit(Sequence sequence, List<Sequence> running) {
    Match match = prefixes.longest(sequence, running);
    if (prefixes.isWorthWaiting(sequence, running, match)) {
      return Admission.PREFIX_COMING;
    }
    int capacity = firstCapacity(sequence);
    if (match != null && isMostlyShared(match, capacity)) {
      cache.handOver(match.cached());
      sequence.settle(match.cached().extent(), match.tokens(), match.cached().firstKept());
      return Admission.ADMITTED;
    }
    return admitApart(sequence, capacity, match) ? Admission.ADMITTED : Admission.NO_ROOM;
  }

  /**
   * Gives a sequence a place of its own, with all that {@code first} has computed; false when there is
   * no room now.
   */
  boolean fork(Sequence sequence, Sequence first) {
    Optional<Extent> place = cache.take(firstCapacity(sequence));
    if (place.isEmpty()) {
      return false;
    }
    settle(sequence, place.get(), new Match(first.cached(), first.length()));
    if (sequence.uncomputed() > 0) {
      evict(sequence); // The copy failed.
    }
    return sequence.isRunning();
  }

  /** Whether the sequence is to go on in the place of what it begins with. */
  private boolean isMostlyShared(Match match, int capacity) {
    CachedTokens cached = match.cached();
    return cache.remembers(cached)
        && cached.extent().capacity() >= capacity
        && cached.extent().capacity() <= 2 * capacity // A short one would pay for a long place.
        && 2 * match.tokens() > cached.length();
  }

  /** Gives a sequence a place of its own, with a copy of what it begins with. */
  private boolean admitApart(Sequence sequence, int capacity, @Nullable Match match) {
    Optional<Extent> place = cache.take(capacity, match == null ? null : match.cached());
    if (place.isPresent()) {
      settle(sequence, place.get(), match);
      return true;
    }
    // There may be room only where the match lies: then it is computed again.
    place = match == null ? place : cache.take(capacity);
    place.ifPresent(found -> sequence.settle(found, 0, 0));
    return place.isPresent();
  }

  private void settle(Sequence sequence, Extent place, @Nullable Match match) {
    if (match != null && copy(match.cached().extent(), place, match.tokens())) {
      cache.touch(match.cached());
      sequence.settle(place, match.tokens(), match.cached().firstKept());
    } else {
      sequence.settle(place, 0, 0);
    }
  }

  /** Whether the sequence's tokens do not fit into its place any more. */
  boolean isOutgrown(Sequence sequence) {
    return sequence.extent().capacity() < capacityFor(sequence.length());
  }

  /** Moves a sequence to a larger place; false when there is no room. */
  boolean grow(Sequence sequence) {
    Optional<Extent> place = cache.take(capacityFor(sequence.length()));
    place.ifPresent(larger -> {
      Extent old = sequence.extent();
      boolean copied = copy(old, larger, sequence.computed());
      sequence.settle(larger, copied ? sequence.computed() : 0, 0);
      cache.release(old);
    });
    return place.isPresent();
  }

  /** Takes a sequence's place; what is in it stays there for others until the room is needed. */
  void retire(Sequence sequence) {
    CachedTokens left = sequence.cached();
    if (sequence.request().reuse().allowed() && left.length() >= CachedTokens.LEAST_REUSED) {
      cache.remember(left);
    } else {
      cache.release(left.extent());
    }
    sequence.unsettle();
  }

  /** Takes a sequence's place, and forgets what is in it. */
  void evict(Sequence sequence) {
    cache.release(sequence.extent());
    sequence.unsettle();
  }

  /**
   * Takes the place of a sequence that failed. What is no number in it would spoil whoever comes
   * next: hidden keys weigh nothing, but nothing times no number is no number.
   */
  void discard(Sequence sequence) {
    try {
      model.clear(sequence.extent());
    } catch (ModelStepException e) {
      log.warn("a place is used again as it is cause={}", e.getMessage());
    }
    evict(sequence);
  }

  /** Whether the sequence still has in the cache what its next token looks at. */
  boolean canGoOn(Sequence sequence) {
    return sequence.canGoOn(window);
  }

  private int firstCapacity(Sequence sequence) {
    return capacityFor(Math.min(sequence.length() + SPARE, sequence.mostTokens()));
  }

  private int capacityFor(int tokens) {
    return CacheArena.capacityFor(Math.min(tokens, window));
  }

  /** A copy that fails costs time and no more: the tokens are computed again. */
  private boolean copy(Extent from, Extent to, int tokens) {
    try {
      model.copy(from, to, tokens);
      return true;
    } catch (ModelStepException e) {
      log.warn("copy failed, {} tokens are computed again cause={}", tokens, e.getMessage());
      return false;
    }
  }
}
