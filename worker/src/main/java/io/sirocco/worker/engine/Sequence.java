package io.sirocco.worker.engine;

import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.sampling.Sampler;
import io.sirocco.worker.sampling.SamplingOutcome;
import io.sirocco.worker.sampling.SamplingScratch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One generation in progress: its tokens, and how many of them are in the cache.
 *
 * <pre>
 *   tokens:  [ prompt ............... | generated ... ]
 *            [ computed ......... | to be computed .. ]
 * </pre>
 *
 * <p>Confined to the engine thread.
 */
final class Sequence {
  private static final int NO_SLOT = -1;

  private final GenerationRequest request;
  private final Sampler sampler;
  private int[] tokens;
  private int length;
  private int computed;
  private int slot = NO_SLOT;
  private SequenceState state = SequenceState.WAITING;

  Sequence(GenerationRequest request) {
    this.request = request;
    this.sampler = new Sampler(request.sampling(), 0, request.promptIds(), request.endIds());
    this.tokens = request.promptIds().clone();
    this.length = tokens.length;
  }

  GenerationRequest request() {
    return request;
  }

  SequenceState state() {
    return state;
  }

  int slot() {
    return slot;
  }

  /** How many tokens, from the first, are in the cache. */
  int computed() {
    return computed;
  }

  /** How many tokens the cache lacks: more than one only while the prompt is being computed. */
  int uncomputed() {
    return length - computed;
  }

  /** Returns the next {@code count} tokens that the cache lacks. */
  int[] next(int count) {
    return Arrays.copyOfRange(tokens, computed, computed + count);
  }

  /** Takes a place in the cache. */
  void admit(int slot) {
    this.slot = slot;
    state = SequenceState.PREFILL;
  }

  /** Notes that {@code count} more tokens are in the cache. */
  void advance(int count) {
    computed += count;
    if (computed == length) {
      state = SequenceState.DECODE;
    }
  }

  /** Chooses the next token from its row of logits. */
  SamplingOutcome sample(float[] logits, int offset, SamplingScratch scratch) {
    return sampler.sample(logits, offset, scratch);
  }

  /**
   * Appends a generated token.
   *
   * @return why the sequence ends with it, or null when it goes on
   */
  @Nullable
  GenerationEnd append(int tokenId) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length + Math.max(64, length / 2));
    }
    tokens[length++] = tokenId;
    sampler.accept(tokenId);
    boolean goOn = request.listener().generated(tokenId);
    if (request.endIds().contains(tokenId)) {
      return GenerationEnd.END_TOKEN;
    }
    if (!goOn) {
      return GenerationEnd.LISTENER;
    }
    return generated() == request.maxNewTokens() ? GenerationEnd.LENGTH : null;
  }

  /** Leaves the engine. */
  void finish() {
    state = SequenceState.FINISHED;
  }

  private int generated() {
    return length - request.promptIds().length;
  }
}
