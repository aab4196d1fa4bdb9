package io.sirocco.worker.engine;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A model whose next token is a function of all that a token sees in the cache, so that a token that
 * was left out, computed twice, put into another place or overwritten changes the answer or throws.
 *
 * <p>Each cell of the cache holds a position and a hash of all tokens up to it.
 */
final class FakeModel implements CausalModel {
  static final int VOCABULARY = 97;

  private final ModelShape shape;
  private final int[] positions;
  private final long[] hashes;
  private final List<ForwardInput> steps = new ArrayList<>();
  private final List<Extent> cleared = new ArrayList<>();
  private Predicate<ForwardInput> failing = input -> false;
  private boolean spoiling;
  private volatile boolean closed;
  private boolean copying = true;
  private int copies;
  private long computedTokens;

  /** Without a window, and with room for {@code sequences} of the longest sequences. */
  FakeModel(int sequences, int contextTokens) {
    this(contextTokens, contextTokens, sequences * Extent.capacityFor(contextTokens));
  }

  FakeModel(int contextTokens, int windowTokens, int cacheTokens) {
    shape = new ModelShape(VOCABULARY, contextTokens, windowTokens, cacheTokens);
    positions = new int[cacheTokens];
    hashes = new long[cacheTokens];
  }

  @Override
  public ModelShape shape() {
    return shape;
  }

  /** The steps so far. */
  List<ForwardInput> steps() {
    return steps;
  }

  /** The places that were cleared so far. */
  List<Extent> cleared() {
    return cleared;
  }

  /** How many times something was copied. */
  int copies() {
    return copies;
  }

  /** How many tokens were computed. */
  long computedTokens() {
    return computedTokens;
  }

  /** Lets the next step fail. */
  void failOnce() {
    failWhen(input -> {
      failing = next -> false;
      return true;
    });
  }

  /** Lets steps fail. */
  void failWhen(Predicate<ForwardInput> condition) {
    failing = condition;
  }

  /** Lets every copy fail. */
  void failCopies() {
    copying = false;
  }

  /** Lets the next step compute something that is no number. */
  void spoilOnce() {
    spoiling = true;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    steps.add(input);
    requirePlacesApart(input);
    if (failing.test(input)) {
      input.spans().forEach(this::ruin);
      throw new ModelStepException("out of luck", new IllegalStateException());
    }
    List<Integer> rows = new ArrayList<>();
    for (ForwardInput.Span span : input.spans()) {
      int next = append(span);
      if (span.logitsRows() > 0) {
        rows.add(next);
      }
    }
    return logits(rows);
  }

  private LogitsBatch logits(List<Integer> rows) {
    float[] logits = new float[rows.size() * VOCABULARY];
    for (int row = 0; row < rows.size(); row++) {
      logits[row * VOCABULARY + rows.get(row)] = 1;
    }
    if (spoiling && logits.length > 0) {
      logits[VOCABULARY / 2] = Float.NaN;
      spoiling = false;
    }
    return new LogitsBatch(logits, VOCABULARY);
  }

  /** Appends a span token by token and returns what comes after it. */
  private int append(ForwardInput.Span span) {
    Extent place = span.extent();
    int position = span.start();
    for (int token : span.tokenIds()) {
      long before = position == 0 ? 0 : read(place, position - 1);
      write(place, position, hash(before, token));
      position++;
    }
    computedTokens += span.tokenIds().length;
    long seen = 0;
    for (int p = Math.max(0, position - shape.windowTokens()); p < position; p++) {
      seen = hash(seen, read(place, p));
    }
    return Math.floorMod(seen, VOCABULARY);
  }

  /** What a step leaves behind that fails. */
  private void ruin(ForwardInput.Span span) {
    for (int i = 0; i < span.tokenIds().length; i++) {
      write(span.extent(), span.start() + i, -1);
      positions[cell(span.extent(), span.start() + i)] = -1;
    }
  }

  private long read(Extent place, int position) {
    int cell = cell(place, position);
    if (positions[cell] != position) {
      throw new AssertionError("expected position %d in cell %d of %s, found %d"
          .formatted(position, cell, place, positions[cell]));
    }
    return hashes[cell];
  }

  private void write(Extent place, int position, long hash) {
    positions[cell(place, position)] = position;
    hashes[cell(place, position)] = hash;
  }

  private static int cell(Extent place, int position) {
    return place.base() + position % place.capacity();
  }

  private void requirePlacesApart(ForwardInput input) {
    boolean[] taken = new boolean[shape.cacheTokens()];
    for (ForwardInput.Span span : input.spans()) {
      for (int cell = span.extent().base(); cell < span.extent().end(); cell++) {
        if (taken[cell]) {
          throw new AssertionError("two places overlap in " + input);
        }
        taken[cell] = true;
      }
      int end = span.start() + span.tokenIds().length;
      if (Math.min(end, shape.windowTokens()) > span.extent().capacity()) {
        throw new AssertionError("%d tokens do not fit into %s".formatted(end, span.extent()));
      }
    }
  }

  @Override
  public void clear(Extent place) {
    cleared.add(place);
  }

  @Override
  public void copy(Extent from, Extent to, int tokens) throws ModelStepException {
    if (!copying) {
      throw new ModelStepException("out of luck", new IllegalStateException());
    }
    boolean wentRound = tokens > from.capacity();
    if (from.overlaps(to)
        || (wentRound ? from.capacity() != to.capacity() : tokens > to.capacity())) {
      throw new AssertionError("%d tokens from %s to %s".formatted(tokens, from, to));
    }
    int cells = Math.min(tokens, from.capacity());
    System.arraycopy(positions, from.base(), positions, to.base(), cells);
    System.arraycopy(hashes, from.base(), hashes, to.base(), cells);
    copies++;
  }

  /** The tokens after {@code prompt} when a token looks at {@code window} tokens. */
  static List<Integer> answer(int[] prompt, int count, int window) {
    List<Long> hashes = new ArrayList<>();
    for (int token : prompt) {
      add(hashes, token);
    }
    List<Integer> answer = new ArrayList<>();
    while (answer.size() < count) {
      long seen = 0;
      for (long hash : hashes.subList(Math.max(0, hashes.size() - window), hashes.size())) {
        seen = hash(seen, hash);
      }
      int next = Math.floorMod(seen, VOCABULARY);
      answer.add(next);
      add(hashes, next);
    }
    return answer;
  }

  private static void add(List<Long> hashes, int token) {
    hashes.add(hash(hashes.isEmpty() ? 0 : hashes.get(hashes.size() - 1), token));
  }

  private static long hash(long before, long next) {
    long mixed = (before + 1) * 0x9E3779B97F4A7C15L ^ next * 0xC2B2AE3D27D4EB4FL;
    return mixed ^ mixed >>> 29;
  }

  /** Whether it was closed. */
  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
