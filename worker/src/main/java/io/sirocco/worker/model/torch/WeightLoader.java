package io.sirocco.worker.model.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.Checkpoint;
import io.sirocco.worker.model.folder.DecoderTensors;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.folder.StoredTensor;
import io.sirocco.worker.model.folder.TensorSpec;
import java.util.List;

/**
 * Brings the weights of a folder into native memory, one matrix at a time, so that loading needs
 * little more memory than the loaded model.
 *
 * <p>Confined to the loading thread.
 */
final class WeightLoader {
  private final TorchProgram program;
  private final NativeScope model;
  private final Precision precision;
  private final LinearKernel kernel;
  private final LoadProgress progress;

  private long loadedBytes;
  private long totalBytes;

  WeightLoader(
      TorchProgram program,
      NativeScope model,
      Precision precision,
      LinearKernel kernel,
      LoadProgress progress) {
    this.program = program;
    this.model = model;
    this.precision = precision;
    this.kernel = kernel;
    this.progress = progress;
  }

  /** Loads everything; the result lives as long as the model's scope. */
  DecoderWeights load(ModelFolder folder) throws ModelLoadException {
    Checkpoint checkpoint = folder.checkpoint();
    DecoderTensors tensors = DecoderTensors.of(folder.config());
    totalBytes = 0;
    for (TensorSpec spec : tensors.all()) {
      totalBytes += checkpoint.check(spec);
    }
    IValue embedding = embedding(checkpoint.map(tensors.embedding()));
    loadedBytes = tensors.tied() ? 0 : checkpoint.check(tensors.embedding());
    IValue norms = program.run(model, "tensor_list");
    IValue linears = program.run(model, "tensor_list");
    for (DecoderTensors.Layer layer : tensors.layers()) {
      addNorm(norms, checkpoint, layer.attentionNorm());
      addLinear(linears, checkpoint, layer.queryKeyValue());
      addLinear(linears, checkpoint, List.of(layer.attentionOutput()));
      addNorm(norms, checkpoint, layer.feedForwardNorm());
      addFeedForward(linears, checkpoint, layer);
    }
    addNorm(norms, checkpoint, tensors.finalNorm());
    addLinear(linears, checkpoint, List.of(tensors.head()));
    return new DecoderWeights(embedding, norms, linears);
  }

  /** Rows of the embedding are read where they are in the file. */
  private IValue embedding(StoredTensor stored) {
    ElementType type = ElementType.of(stored.type());
    IValue carried = model.tensorOver(stored.bytes(), stored.shape(), type.carrier());
    return program.run(model, "typed", carried, model.integer(type.code()));
  }

  private void addNorm(IValue norms, Checkpoint checkpoint, TensorSpec spec)
      throws ModelLoadException {
    add(norms, checkpoint, List.of(spec), precision.elementType(), false);
  }

  private void addFeedForward(IValue linears, Checkpoint checkpoint, DecoderTensors.Layer layer)
      throws ModelLoadException {
    if (layer.router() != null) {
      // It is small, and a rounding error in it sends a token to another expert.
      add(linears, checkpoint, List.of(layer.router()), ElementType.FLOAT32, false);
    }
    for (DecoderTensors.Expert expert : layer.experts()) {
      addLinear(linears, checkpoint, expert.gateUp());
      addLinear(linears, checkpoint, List.of(expert.down()));
    }
  }

  private void addLinear(IValue linears, Checkpoint checkpoint, List<TensorSpec> parts)
      throws ModelLoadException {
    add(linears, checkpoint, parts, precision.elementType(), kernel == LinearKernel.PREPACKED);
  }

  private void add(
      IValue list,
      Checkpoint checkpoint,
      List<TensorSpec> specs,
      ElementType loadedType,
      boolean prepacked)
      throws ModelLoadException {
    try (NativeScope scope = model.child()) {
      PtNDArray[] parts = new PtNDArray[specs.size()];
      long[] types = new long[specs.size()];
      for (int i = 0; i < parts.length; i++) {
        StoredTensor stored = checkpoint.map(specs.get(i));
        ElementType type = ElementType.of(stored.type());
        parts[i] = scope.arrayOver(stored.bytes(), stored.shape(), type.carrier());
        types[i] = type.code();
        loadedBytes += stored.bytes().remaining();
      }
      program.run(
          scope,
          "add_weight",
          list,
          scope.tensors(parts),
          scope.integers(types),
          scope.integer(loadedType.code()),
          scope.flag(prepacked));
    }
    progress.loaded(loadedBytes, totalBytes);
  }
}
