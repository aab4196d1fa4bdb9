package io.sirocco.worker.engine;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.WrappedModel;
import java.util.ArrayList;
import java.util.List;

/** A model of whose cache only a part is used, and that notes by how much each token was the likeliest. */
class SmallerModel extends WrappedModel {
  private final int cacheTokens;
  private final List<Float> gaps = new ArrayList<>();

  SmallerModel(CausalModel model, int cacheTokens) {
    super(model);
    this.cacheTokens = cacheTokens;
  }

  /** The differences of the greatest two logits in each row so far. */
  List<Float> gaps() {
    return gaps;
  }

  @Override
  public ModelShape shape() {
    ModelShape shape = super.shape();
    return new ModelShape(
        shape.vocabularySize(), shape.contextTokens(), shape.windowTokens(), cacheTokens);
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    LogitsBatch logits = super.forward(input);
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
  public void close() {}
}
