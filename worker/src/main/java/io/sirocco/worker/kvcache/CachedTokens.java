package io.sirocco.worker.kvcache;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What lies in a place of the cache: the keys and values of a sequence's first tokens.
 *
 * <p>Immutable; the array may be longer than {@code length}, and what is behind it may change.
 *
 * @param extent the place
 * @param tokens the sequence, of which the first {@code length} tokens were computed
 * @param length how many were computed
 * @param firstKept the first position that is still there; more than 0 when the sequence went round
 *     in its place
 * @param salt who may use it: those who name the same, or nothing either
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by identity alone; a copy costs at every look.
public record CachedTokens(
    Extent extent,
    int[] tokens,
    int length,
    int firstKept,
    @Nullable String salt) {

  /** A shorter prefix than this is computed faster than found. */
  public static final int LEAST_REUSED = 16;

  /**
   * How many of a sequence's first tokens need not be computed because they are here.
   *
   * <p>The next token looks back at {@code window - 1} tokens before it, and all of them must still
   * be there.
   *
   * @param wanted begins with the sequence's tokens
   * @param most how many of them may be taken from here
   * @param window how many tokens a token looks at, itself included
   */
  public int reusable(int[] wanted, int most, int window) {
    int end = Math.min(length, most);
    int different = Arrays.mismatch(tokens, 0, end, wanted, 0, end);
    int shared = different < 0 ? end : different;
    boolean kept = firstKept <= Math.max(0, shared - window + 1);
    return kept && shared >= LEAST_REUSED ? shared : 0;
  }

  /** Whether whoever finds {@code other} finds as much here. */
  boolean covers(CachedTokens other) {
    return firstKept == 0
        && length >= other.length
        && Objects.equals(salt, other.salt)
        && Arrays.equals(tokens, 0, other.length, other.tokens, 0, other.length);
  }
}
