package io.sirocco.embedded;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A model that takes its time for each step, as a large one does, so that answers are long under way.
 *
 * <p>Confined to the engine thread.
 */
final class PacedModel extends WrappedModel {
  private final Duration step;

  PacedModel(CausalModel model, Duration step) {
    super(model);
    this.step = step;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    LockSupport.parkNanos(step.toNanos());
    return super.forward(input);
  }
}
