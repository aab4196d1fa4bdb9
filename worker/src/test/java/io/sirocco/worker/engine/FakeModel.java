package io.sirocco.worker.engine;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model whose next token is a function of all tokens in its slot, so that a token that was left out,
 * computed twice or put into another slot changes the answer.
 */
final class FakeModel implements CausalModel {
  static final int VOCABULARY = 97;

  private final ModelShape shape;
  private final Map<Extent, List<Integer>> cache = new HashMap<>();
  private final List<ForwardInput> steps = new ArrayList<>();
  private boolean failing;
  private boolean spoiling;

  FakeModel(int slots, int contextTokens) {
    int capacity = Extent.capacityFor(contextTokens);
    shape = new ModelShape(VOCABULARY, contextTokens, contextTokens, slots * capacity);
  }

  @Override
  public ModelShape shape() {
    return shape;
  }

  /** The steps so far. */
  List<ForwardInput> steps() {
    return steps;
  }

  /** Lets the next step fail. */
  void failOnce() {
    failing = true;
  }

  /** Lets the next step compute something that is no number. */
  void spoilOnce() {
    spoiling = true;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    steps.add(input);
    if (failing) {
      failing = false;
      throw new ModelStepException("out of luck", new IllegalStateException());
    }
    List<Integer> rows = new ArrayList<>();
    for (ForwardInput.Span span : input.spans()) {
      List<Integer> tokens = cache.computeIfAbsent(span.extent(), extent -> new ArrayList<>());
      if (span.start() > tokens.size()) {
        throw new AssertionError("a gap in " + span.extent());
      }
      tokens.subList(span.start(), tokens.size()).clear();
      Arrays.stream(span.tokenIds()).forEach(tokens::add);
      for (int row = 0; row < span.logitsRows(); row++) {
        rows.add(next(tokens));
      }
    }
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

  @Override
  public void copy(Extent from, Extent to, int tokens) {
    List<Integer> kept = cache.getOrDefault(from, List.of());
    cache.put(to, new ArrayList<>(kept.subList(0, tokens)));
  }

  /** The likeliest token after {@code tokens}. */
  static int next(List<Integer> tokens) {
    return Math.floorMod(tokens.hashCode(), VOCABULARY);
  }

  @Override
  public void close() {}
}
