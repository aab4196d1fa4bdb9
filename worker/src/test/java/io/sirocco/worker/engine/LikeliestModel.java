package io.sirocco.worker.engine;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.Likeliest;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.WrappedModel;
import java.util.Arrays;
import java.util.TreeMap;

/** A model that gives of a row no more than the likeliest token, where that serves. */
final class LikeliestModel extends WrappedModel {
  private int whole;
  private int likeliest;

  LikeliestModel(CausalModel model) {
    super(model);
  }

  /** How many rows were given whole. */
  int whole() {
    return whole;
  }

  /** Of how many rows the likeliest token was given alone. */
  int likeliest() {
    return likeliest;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    LogitsBatch logits = super.forward(input);
    int length = logits.vocabularySize();
    float[] kept = new float[logits.values().length];
    int count = 0;
    TreeMap<Integer, Likeliest> others = new TreeMap<>();
    int row = 0;
    for (ForwardInput.Span span : input.spans()) {
      for (int end = row + span.logitsRows(); row < end; row++) {
        if (span.likeliest()) {
          others.put(row, best(logits.values(), logits.offset(row), length));
        } else {
          System.arraycopy(logits.values(), logits.offset(row), kept, length * count++, length);
        }
      }
    }
    whole += count;
    likeliest += others.size();
    return new LogitsBatch(Arrays.copyOf(kept, length * count), length, others);
  }

  private static Likeliest best(float[] values, int begin, int length) {
    int best = 0;
    for (int id = 0; id < length; id++) {
      if (Float.isNaN(values[begin + id])) {
        return new Likeliest(id, Float.NaN);
      }
      best = values[begin + id] > values[begin + best] ? id : best;
    }
    return new Likeliest(best, values[begin + best]);
  }
}
