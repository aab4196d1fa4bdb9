package io.sirocco.embedded;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.WrappedModel;
import java.util.Arrays;

/**
 * Ends the process at once when it is to compute a certain token, as a fault of a native library
 * would.
 *
 * <p>Confined to the engine thread.
 */
final class HaltingModel extends WrappedModel {
  /** That of a process which the C library aborts. */
  static final int EXIT_CODE = 134;

  private final int deadly;

  HaltingModel(CausalModel model, int deadly) {
    super(model);
    this.deadly = deadly;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    for (ForwardInput.Span span : input.spans()) {
      if (Arrays.stream(span.tokenIds()).anyMatch(id -> id == deadly)) {
        Runtime.getRuntime().halt(EXIT_CODE);
      }
    }
    return super.forward(input);
  }
}
