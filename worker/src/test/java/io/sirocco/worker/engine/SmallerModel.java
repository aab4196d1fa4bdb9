package io.sirocco.worker.engine;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;
import java.util.ArrayList;
import java.util.List;

/** A model of whose cache only a part is used, and that notes by how much each token was the likeliest. */
class SmallerModel implements CausalModel {
  private final CausalModel model;
  private final int cacheTokens;
  private final List<Float> gaps = new ArrayList<>();

  SmallerModel(CausalModel model, int cacheTokens) {
    this.model = model;
    this.cacheTokens = cacheTokens;
  }

  /** The differences of the greatest two logits in each row so far. */
  List<Float> gaps() {
    return gaps;
  }

  @Override
  public ModelShape shape() {
    ModelShape shape = model.shape();
    return new ModelShape(
        shape.vocabularySize(), shape.contextTokens(), shape.windowTokens(), cacheTokens);
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    LogitsBatch logits = model.forward(input);
    for (int row = 0; row < logits.rows(); row++) {
      gaps.add(gap(logits, row));
    }
    return logits;
  }

  private static float gap(LogitsBatch logits, int row) {
    float first = Float.NEGATIVE_INFINITY;
    float second = Float.NEGATIVE_INFINITY;
    for (int i = logits.offset(row); i < logits.offset(row + 1); i++) {
      float logit = logits.values()[i];
      if (logit > first) {
        second = first;
        first = logit;
      } else if (logit > second) {
        second = logit;
      }
    }
    return first - second;
  }

  @Override
  public void clear(Extent place) throws ModelStepException {
    model.clear(place);
  }

  @Override
  public void copy(Extent from, Extent to, int tokens) throws ModelStepException {
    model.copy(from, to, tokens);
  }

  @Override
  public void close() {}
}
