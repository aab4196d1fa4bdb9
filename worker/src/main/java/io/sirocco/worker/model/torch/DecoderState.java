package io.sirocco.worker.model.torch;

import ai.djl.pytorch.jni.IValue;
import io.sirocco.worker.model.folder.ModelConfig;

/**
 * What a loaded decoder keeps in native memory from step to step, in the order in which the program
 * takes it.
 *
 * <p>Immutable, but for what is in the cache. Freed with the model's scope.
 *
 * @param program computes on it
 * @param sizes the program's list of that name
 * @param epsilon of the norms
 * @param weights of all layers
 * @param rope the tables of angles
 * @param caches keys and values
 */
record DecoderState(
    TorchProgram program,
    IValue sizes,
    IValue epsilon,
    DecoderWeights weights,
    IValue rope,
    IValue caches) {

  /**
   * Makes all of it but the weights beside {@code home}.
   *
   * @param home a tensor on the model's device
   */
  static DecoderState make(
      NativeScope model,
      TorchProgram program,
      ModelConfig config,
      TorchModelSettings settings,
      IValue sizes,
      IValue home,
      DecoderWeights weights) {
    IValue layers = model.integer(config.layers());
    IValue tokens = model.integer(settings.cacheTokens());
    return new DecoderState(
        program,
        sizes,
        program.run(model, "scalar", model.number(config.rmsNormEpsilon()), home),
        weights,
        program.run(model, "rope_tables", model.number(config.ropeTheta()), sizes, home),
        program.run(model, "new_cache", layers, tokens, sizes, home));
  }

  /** Calls a step of the program: {@code inputs}, then what is the same in every step. */
  IValue step(NativeScope scope, String method, IValue... inputs) {
    IValue[] kept = {
      sizes,
      epsilon,
      weights.embedding(),
      weights.norms(),
      weights.linears(),
      weights.scales(),
      rope,
      caches
    };
    IValue[] arguments = new IValue[inputs.length + kept.length];
    System.arraycopy(inputs, 0, arguments, 0, inputs.length);
    System.arraycopy(kept, 0, arguments, inputs.length, kept.length);
    return program.run(scope, method, arguments);
  }
}
