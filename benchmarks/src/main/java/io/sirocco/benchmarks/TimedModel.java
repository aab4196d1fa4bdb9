package io.sirocco.benchmarks;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;

/**
 * A model that adds up the time spent in its steps.
 *
 * <p>Confined to the model's thread.
 */
final class TimedModel implements CausalModel {
  private final CausalModel model;
  private long nanos;

  TimedModel(CausalModel model) {
    this.model = model;
  }

  /** The time spent in all steps so far. */
  long nanos() {
    return nanos;
  }

  @Override
  public ModelShape shape() {
    return model.shape();
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    long begin = System.nanoTime();
    try {
      return model.forward(input);
    } finally {
      nanos += System.nanoTime() - begin;
    }
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
  public void close() {
    model.close();
  }
}
