package io.sirocco.benchmarks;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.WrappedModel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A model whose steps take so long, as on a machine of its own, and keep no processor busy.
 *
 * <p>Confined to the model's thread.
 */
final class PacedModel extends WrappedModel {
  private final Duration step;

  /** @param model computes, and is to take no time */
  PacedModel(CausalModel model, Duration step) {
    super(model);
    this.step = step;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    long end = System.nanoTime() + step.toNanos();
    LogitsBatch logits = super.forward(input);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return logits;
  }
}
