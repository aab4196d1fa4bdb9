package io.sirocco.embedded;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.WrappedModel;
import java.util.Arrays;

/**
 * Comes to its end when it is to compute a certain token.
 *
 * <p>Confined to the engine thread.
 */
final class DeadlyModel extends WrappedModel {
  private final int deadly;
  private final WayToEnd end;

  DeadlyModel(CausalModel model, int deadly, WayToEnd end) {
    super(model);
    this.deadly = deadly;
    this.end = end;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    for (ForwardInput.Span span : input.spans()) {
      if (Arrays.stream(span.tokenIds()).anyMatch(id -> id == deadly)) {
        end.meet();
      }
    }
    return super.forward(input);
  }
}
