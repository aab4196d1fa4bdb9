package io.sirocco.embedded;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;
import java.util.ArrayList;
import java.util.List;

/** Computes one sequence with the model it wraps, and notes by how much the likeliest token leads. */
final class GapRecordingModel implements CausalModel {
  private final CausalModel model;
  private final List<Float> gaps = new ArrayList<>();

  GapRecordingModel(CausalModel model) {
    this.model = model;
  }

  /** The lead at each generated token, and forgets them. */
  List<Float> takeGaps() {
    List<Float> taken = List.copyOf(gaps);
    gaps.clear();
    return taken;
  }

  @Override
  public ModelShape shape() {
    return model.shape();
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    LogitsBatch logits = model.forward(input);
    for (int row = 0; row < logits.rows(); row++) {
      gaps.add(gap(logits, row));
    }
    return logits;
  }

  @Override
  public void clear(Extent place) throws ModelStepException {
    model.clear(place);
  }

  @Override
  public void copy(Extent from, Extent to, int tokens) throws ModelStepException {
    model.copy(from, to, tokens);
  }

  private static float gap(LogitsBatch logits, int row) {
    float first = Float.NEGATIVE_INFINITY;
    float second = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.vocabularySize(); i++) {
      float logit = logits.values()[logits.offset(row) + i];
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
  public void close() {
    model.close();
  }
}
