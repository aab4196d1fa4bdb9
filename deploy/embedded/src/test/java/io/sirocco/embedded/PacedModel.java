package io.sirocco.embedded;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A model that takes its time for each step, as a large one does, so that answers are long under way.
 *
 * <p>Confined to the engine thread.
 */
final class PacedModel implements CausalModel {
  private final CausalModel model;
  private final Duration step;

  PacedModel(CausalModel model, Duration step) {
    this.model = model;
    this.step = step;
  }

  @Override
  public ModelShape shape() {
    return model.shape();
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    LockSupport.parkNanos(step.toNanos());
    return model.forward(input);
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
