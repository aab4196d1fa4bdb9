package io.sirocco.benchmarks;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.WrappedModel;

/**
 * A model that adds up the time spent in its steps.
 *
 * <p>Confined to the model's thread.
 */
final class TimedModel extends WrappedModel {
  private long nanos;

  TimedModel(CausalModel model) {
    super(model);
  }

  /** The time spent in all steps so far. */
  long nanos() {
    return nanos;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    long begin = System.nanoTime();
    try {
      return super.forward(input);
    } finally {
      nanos += System.nanoTime() - begin;
    }
  }
}
