package io.sirocco.worker.engine;

import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.kvcache.PrefixCache;
import io.sirocco.worker.kvcache.PrefixCache.Match;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds who has computed the beginning of a sequence, or is about to: others with the same salt, and
 * the other choices for the same prompt in any case.
 *
 * <p>Confined to the engine thread.
 */
final class SharedPrefixes {
  /** A prefix that is this much longer than what is in the cache is worth waiting for. */
  private static final int WORTH_WAITING = 64;

  private final PrefixCache cache;
  private final int window;

  SharedPrefixes(PrefixCache cache, int window) {
    this.cache = cache;
    this.window = window;
  }

  /** Whether somebody computes what a sequence would compute again if it began now. */
  boolean isWorthWaiting(Sequence sequence, List<Sequence> running, @Nullable Match match) {
    return isForked(sequence, running)
        || coming(sequence, running) >= tokens(match) + WORTH_WAITING;
  }

  /** Whether another choice computes the prompt now, from whose end on this one goes on. */
  private static boolean isForked(Sequence sequence, List<Sequence> running) {
    return running.stream()
        .anyMatch(other ->
            other.isPromptAlone() && sequence.isPromptAlone() && sequence.isChoiceBeside(other));
  }

  /** What has the most of a sequence's first tokens, running or remembered; null when nothing has. */
  @Nullable
  Match longest(Sequence sequence, List<Sequence> running) {
    PrefixReuse reuse = sequence.request().reuse();
    int most = sequence.length() - 1; // The last one is computed for its logits.
    Match longest =
        reuse.allowed() ? cache.longest(sequence.tokens(), most, reuse.salt()).orElse(null) : null;
    for (Sequence other : running) {
      if (sharesWith(sequence, other)) {
        int reusable = other.cached().reusable(sequence.tokens(), most, window);
        if (reusable > tokens(longest)) {
          longest = new Match(other.cached(), reusable);
        }
      }
    }
    return longest;
  }

  /** How many of its first tokens those who are being computed will have when they are. */
  private int coming(Sequence sequence, List<Sequence> running) {
    int most = sequence.length() - 1;
    return running.stream()
        .filter(other -> other.isPrefilling() && sharesWith(sequence, other))
        .mapToInt(other -> other.cachedWhenComplete().reusable(sequence.tokens(), most, window))
        .max()
        .orElse(0);
  }

  private static boolean sharesWith(Sequence sequence, Sequence other) {
    PrefixReuse own = sequence.request().reuse();
    PrefixReuse others = other.request().reuse();
    boolean strangersShare =
        own.allowed() && others.allowed() && Objects.equals(own.salt(), others.salt());
    return strangersShare || sequence.isChoiceBeside(other);
  }

  private static int tokens(@Nullable Match match) {
    return match == null ? 0 : match.tokens();
  }
}
