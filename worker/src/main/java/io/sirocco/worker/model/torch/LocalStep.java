package io.sirocco.worker.model.torch;

import ai.djl.pytorch.jni.IValue;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;

/**
 * A step on the processors, in whose memory all logits are at hand.
 *
 * <p>Confined to the engine thread.
 */
final class LocalStep implements StepCall {
  private final DecoderState decoder;
  private final ModelShape shape;
  private final int kvHeads;
  private final int minRows;
  private final IValue noCalls;
  private final IValue noLengths;

  /**
   * @param minRows fewer rows are padded to so many
   */
  LocalStep(NativeScope model, DecoderState decoder, ModelShape shape, int kvHeads, int minRows) {
    this.decoder = decoder;
    this.shape = shape;
    this.kvHeads = kvHeads;
    this.minRows = minRows;
    noCalls = model.integers();
    noLengths = decoder.program().run(model, "tensor_list");
  }

  @Override
  public LogitsBatch run(NativeScope scope, ForwardInput input) {
    StepLayout layout = StepLayout.of(input, shape, kvHeads, minRows);
    IValue logits = decoder.step(
        scope,
        "step",
        scope.tensor(layout.tokens()),
        scope.tensor(layout.positions()),
        scope.tensor(layout.written()),
        scope.tensor(layout.headRows()),
        scope.tensor(layout.logitsRows()),
        scope.integer(input.logitsRows()),
        scope.integers(layout.spans()),
        scope.integers(layout.groups()),
        noCalls,
        noLengths);
    float[] rows = input.logitsRows() == 0 ? new float[0] : scope.floats(logits);
    return new LogitsBatch(rows, shape.vocabularySize());
  }
}
