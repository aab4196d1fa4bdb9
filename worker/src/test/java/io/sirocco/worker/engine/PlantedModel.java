package io.sirocco.worker.engine;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import java.util.Arrays;

/** A smaller model that fails when it is told to, and leaves what it is allowed to leave: nonsense. */
final class PlantedModel extends SmallerModel {
  private boolean failsStep;
  private boolean failsCopy;
  private int failedSteps;
  private int failedCopies;

  PlantedModel(CausalModel model, int cacheTokens) {
    super(model, cacheTokens);
  }

  /** Makes the next step fail. */
  void failStep() {
    failsStep = true;
  }

  /** Makes the next copy fail. */
  void failCopy() {
    failsCopy = true;
  }

  /** How many steps failed. */
  int failedSteps() {
    return failedSteps;
  }

  /** How many copies failed. */
  int failedCopies() {
    return failedCopies;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    if (!failsStep) {
      return super.forward(input);
    }
    failsStep = false;
    failedSteps++;
    super.forward(new ForwardInput(input.spans().stream().map(this::garbled).toList()));
    throw planted();
  }

  /** Without stack traces, of which logs would be full. */
  private static ModelStepException planted() {
    IllegalStateException cause = new IllegalStateException("planted");
    ModelStepException fault = new ModelStepException("planted", cause);
    cause.setStackTrace(new StackTraceElement[0]);
    fault.setStackTrace(new StackTraceElement[0]);
    return fault;
  }

  private Span garbled(Span span) {
    int[] others = Arrays.stream(span.tokenIds())
        .map(token -> (token + 1) % shape().vocabularySize())
        .toArray();
    return new Span(span.extent(), span.start(), others, 0);
  }

  @Override
  public void copy(Extent from, Extent to, int tokens) throws ModelStepException {
    if (failsCopy) {
      failsCopy = false;
      failedCopies++;
      throw planted();
    }
    super.copy(from, to, tokens);
  }
}
