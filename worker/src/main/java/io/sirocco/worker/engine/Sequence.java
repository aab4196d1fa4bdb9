package io.sirocco.worker.engine;

import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.kvcache.CachedTokens;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.sampling.Sampler;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One generation in progress: its tokens, those that are resumed among them, and how many of them are in
 * the cache.
 *
 * <pre>
 *   tokens:  [ prompt ............... | generated ... ]
 *            [ computed ......... | to be computed .. ]
 * </pre>
 *
 * <p>Confined to the engine thread.
 */
final class Sequence {
  private final GenerationRequest request;
  private final long arrival;
  private final Sampler sampler;
  private int[] tokens;
  private int length;
  private int computed;
  private int firstKept;
  private @Nullable Extent extent;
  private boolean announced;
  private int failedUpTo;

  /**
   * @param arrival its rank among all sequences: who came first goes first
   */
  Sequence(GenerationRequest request, long arrival) {
    this.request = request;
    this.arrival = arrival;
    this.sampler =
        new Sampler(request.sampling(), request.choice(), request.promptIds(), request.endIds());
    int[] resumed = request.resumedIds();
    this.length = request.promptIds().length + resumed.length;
    this.tokens = Arrays.copyOf(request.promptIds(), length);
    System.arraycopy(resumed, 0, tokens, length - resumed.length, resumed.length);
    for (int tokenId : resumed) {
      sampler.accept(tokenId); // So penalties and the draw stand where they stood.
    }
  }

  GenerationRequest request() {
    return request;
  }

  long arrival() {
    return arrival;
  }

  /** Whether it has a place in the cache. */
  boolean isRunning() {
    return extent != null;
  }

  /** Whether more than the next token is to be computed: a prompt, or what was lost. */
  boolean isPrefilling() {
    return uncomputed() > 1;
  }

  /** Whether nothing was generated yet. */
  boolean isPromptAlone() {
    return generated() == 0;
  }

  /** Whether it is another choice for the same prompt. */
  boolean isChoiceBeside(Sequence other) {
    return request.promptIds() == other.request.promptIds()
        && request.choice() != other.request.choice();
  }

  /** Its place in the cache; for running sequences only. */
  Extent extent() {
    return Objects.requireNonNull(extent);
  }

  /** The tokens so far; the array may be longer. */
  int[] tokens() {
    return tokens;
  }

  /** How many tokens there are so far. */
  int length() {
    return length;
  }

  /** The most tokens that there will ever be. */
  int mostTokens() {
    return request.promptIds().length + request.maxNewTokens();
  }

  /** How many tokens, from the first, are in the cache. */
  int computed() {
    return computed;
  }

  /** How many tokens the cache lacks. */
  int uncomputed() {
    return length - computed;
  }

  /** Returns the next {@code count} tokens that the cache lacks. */
  int[] next(int count) {
    return Arrays.copyOfRange(tokens, computed, computed + count);
  }

  /**
   * Takes a place in the cache, the first one or another.
   *
   * @param inPlace how many of its first tokens are there
   * @param kept the first position that is there
   */
  void settle(Extent place, int inPlace, int kept) {
    extent = place;
    computed = inPlace;
    firstKept = kept;
  }

  /** Tells the listener that it runs, unless it ran before. */
  void announce() {
    if (!announced) {
      announced = true;
      request.listener().admitted(Math.min(computed, request.promptIds().length));
    }
  }

  /** Has no place any more; all tokens will be computed again. */
  void unsettle() {
    extent = null;
    computed = 0;
    firstKept = 0;
  }

  /** What it has in the cache. */
  CachedTokens cached() {
    return new CachedTokens(
        extent(), tokens, computed, firstKept, request.reuse().salt());
  }

  /** What it will have in the cache when all its tokens are computed. */
  CachedTokens cachedWhenComplete() {
    int kept = Math.max(firstKept, length - extent().capacity());
    return new CachedTokens(extent(), tokens, length, kept, request.reuse().salt());
  }

  /** Notes that {@code count} more tokens are in the cache. */
  void advance(int count) {
    overwrite(count);
    computed += count;
    if (computed >= failedUpTo) {
      failedUpTo = 0; // Or whoever is preempted later could not be tried again.
    }
  }

  /**
   * Notes that a step with {@code count} of its tokens failed.
   *
   * @return whether it may be tried again; not before all that failed is computed may the next one
   */
  boolean repeat(int count) {
    overwrite(count);
    boolean first = computed >= failedUpTo;
    failedUpTo = computed + count;
    return first;
  }

  /** Whether a token that looks at {@code window} tokens finds all of them in the cache. */
  boolean canGoOn(int window) {
    return firstKept <= Math.max(0, computed - window + 1);
  }

  private void overwrite(int count) {
    firstKept = Math.max(firstKept, computed + count - extent().capacity());
  }

  /** Chooses its tokens. */
  Sampler sampler() {
    return sampler;
  }

  /**
   * Appends a generated token.
   *
   * @return why the sequence ends with it, or null when it goes on
   */
  @Nullable
  GenerationEnd append(SampledToken token) {
    int tokenId = token.tokenId();
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length + Math.max(64, length / 2));
    }
    tokens[length++] = tokenId;
    sampler.accept(tokenId);
    boolean goOn = request.listener().generated(token);
    if (request.endIds().contains(tokenId)) {
      return GenerationEnd.END_TOKEN;
    }
    if (!goOn) {
      return GenerationEnd.LISTENER;
    }
    return generated() == request.maxNewTokens() ? GenerationEnd.LENGTH : null;
  }

  private int generated() {
    return length - request.promptIds().length;
  }
}
