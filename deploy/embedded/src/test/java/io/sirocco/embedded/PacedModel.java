package io.sirocco.embedded;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.WrappedModel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A model that takes its time for each step, as a large one does, so that answers are long under way.
 *
 * <p>Confined to the engine thread, but for {@link #setStep}, which any thread may call.
 */
final class PacedModel extends WrappedModel {
  private volatile Duration step;

  PacedModel(CausalModel model, Duration step) {
    super(model);
    this.step = step;
  }

  /** From the next step on, each takes this long. */
  void setStep(Duration step) {
    this.step = step;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    LockSupport.parkNanos(step.toNanos());
    return super.forward(input);
  }
}
