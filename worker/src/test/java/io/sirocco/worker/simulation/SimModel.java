package io.sirocco.worker.simulation;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * A model whose logits are a hash of all tokens before: equal prefixes give equal tokens, whoever
 * computes them, and any other prefix gives others.
 *
 * <p>Confined to the engine thread.
 */
final class SimModel implements CausalModel {
  static final int CONTEXT = 128;

  private static final int SEQUENCES = 4;
  private static final float SPREAD = 6;

  private final ModelShape shape = new ModelShape(
      SimTokenizer.VOCABULARY, CONTEXT, CONTEXT, SEQUENCES * Extent.capacityFor(CONTEXT));
  private final long[] prefixes = new long[shape.cacheTokens()];
  private final LongConsumer computed;

  /**
   * Makes a model with nothing in its cache.
   *
   * @param computed is told the {@linkplain #prefix hash} of every prefix that is computed
   */
  SimModel(LongConsumer computed) {
    this.computed = computed;
  }

  /** The hash of a prompt, as of any other prefix. */
  static long prefix(int[] tokenIds) {
    long prefix = 0;
    for (int token : tokenIds) {
      prefix = mix(prefix, token + 1);
    }
    return prefix;
  }

  @Override
  public ModelShape shape() {
    return shape;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) {
    float[] logits = new float[input.logitsRows() * SimTokenizer.VOCABULARY];
    int row = 0;
    for (ForwardInput.Span span : input.spans()) {
      append(span);
      for (int last = span.logitsRows(); last > 0; last--) {
        int position = span.start() + span.tokenIds().length - last;
        fill(logits, SimTokenizer.VOCABULARY * row++, prefixes[cell(span.extent(), position)]);
      }
    }
    return new LogitsBatch(logits, SimTokenizer.VOCABULARY);
  }

  private void append(ForwardInput.Span span) {
    int position = span.start();
    for (int token : span.tokenIds()) {
      long before = position == 0 ? 0 : prefixes[cell(span.extent(), position - 1)];
      long prefix = mix(before, token + 1);
      prefixes[cell(span.extent(), position)] = prefix;
      computed.accept(prefix);
      position++;
    }
  }

  private static int cell(Extent place, int position) {
    return place.base() + position % place.capacity();
  }

  private static void fill(float[] logits, int offset, long prefix) {
    for (int token = 0; token < SimTokenizer.VOCABULARY; token++) {
      logits[offset + token] = SPREAD * (mix(prefix, token) >>> 40) / (1 << 24);
    }
  }

  private static long mix(long before, long next) {
    long mixed = (before + 1) * 0x9E3779B97F4A7C15L ^ (next + 1) * 0xC2B2AE3D27D4EB4FL;
    mixed = (mixed ^ mixed >>> 31) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 29;
  }

  @Override
  public void copy(Extent from, Extent to, int tokens) {
    System.arraycopy(prefixes, from.base(), prefixes, to.base(), tokens);
  }

  @Override
  public void clear(Extent place) {
    Arrays.fill(prefixes, place.base(), place.base() + place.capacity(), 0);
  }

  @Override
  public void close() {}
}
