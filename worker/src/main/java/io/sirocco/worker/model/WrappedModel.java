package io.sirocco.worker.model;

import io.sirocco.worker.kvcache.Extent;

/**
 * A model that does what another does, but for what a subclass changes.
 *
 * <p>Confined to the engine thread.
 */
public abstract class WrappedModel implements CausalModel {
  private final CausalModel model;

  /** @param model closed with this one */
  protected WrappedModel(CausalModel model) {
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
