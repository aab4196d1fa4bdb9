package io.sirocco.embedded;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.WrappedModel;
import java.util.ArrayList;
import java.util.List;

/** Computes one sequence with the model it wraps, and notes by how much the likeliest token leads. */
final class GapRecordingModel extends WrappedModel {
  private final List<Float> gaps = new ArrayList<>();

  GapRecordingModel(CausalModel model) {
    super(model);
  }

  /** The lead at each generated token, and forgets them. */
  List<Float> takeGaps() {
    List<Float> taken = List.copyOf(gaps);
    gaps.clear();
    return taken;
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
}
