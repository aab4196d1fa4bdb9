package io.sirocco.embedded;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;

/**
 * A model that is another one, but for what a test changes of it.
 *
 * <p>Confined to the engine thread.
 */
abstract class WrappedModel implements CausalModel {
  private final CausalModel model;

  WrappedModel(CausalModel model) {
    this.model = model;
  }

  @Override
  public ModelShape shape() {
    return model.shape();
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
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
