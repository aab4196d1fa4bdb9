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

  /** A list of the program's, and the form in which it takes weights. */
  private record Target(IValue list, ElementType type, boolean prepacked) {}

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
    try (NativeScope loading = model.child()) {
      Source source = new Source(checkpoint, program.run(loading, "new_scratch"));
      addAll(source, tensors, norms, linears);
    }
    // Files are unmapped when their buffers are collected. Until then the process seems to hold the
    // model twice.
    System.gc();
    return new DecoderWeights(embedding, norms, linears);
  }

  /** Where weights come from, and the memory in which they are put together. */
  private record Source(Checkpoint checkpoint, IValue scratch) {}

  private void addAll(Source source, DecoderTensors tensors, IValue normList, IValue linearList)
      throws ModelLoadException {
    Target norms = new Target(normList, ElementType.FLOAT32, false);
    Target linears =
        new Target(linearList, precision.elementType(), kernel == LinearKernel.PREPACKED);
    // Routers are small, and a rounding error in one sends a token to another expert.
    Target routers = new Target(linearList, ElementType.FLOAT32, false);
    for (DecoderTensors.Layer layer : tensors.layers()) {
      add(source, List.of(layer.attentionNorm()), norms);
      add(source, layer.queryKeyValue(), linears);
      add(source, List.of(layer.attentionOutput()), linears);
      add(source, List.of(layer.feedForwardNorm()), norms);
      if (layer.router() != null) {
        add(source, List.of(layer.router()), routers);
      }
      for (DecoderTensors.Expert expert : layer.experts()) {
        add(source, List.of(expert.gate()), linears);
        add(source, List.of(expert.up()), linears);
        add(source, List.of(expert.down()), linears);
      }
    }
    add(source, List.of(tensors.finalNorm()), norms);
    add(source, List.of(tensors.head()), linears);
  }

  /** Rows of the embedding are read where they are in the file. */
  private IValue embedding(StoredTensor stored) {
    ElementType type = ElementType.of(stored.type());
    IValue carried = model.tensorOver(stored.bytes(), stored.shape(), type.carrier());
    return program.run(model, "typed", carried, model.integer(type.code()));
  }

  private void add(Source source, List<TensorSpec> specs, Target target) throws ModelLoadException {
    try (NativeScope scope = model.child()) {
      PtNDArray[] parts = new PtNDArray[specs.size()];
      long[] types = new long[specs.size()];
      for (int i = 0; i < parts.length; i++) {
        StoredTensor stored = source.checkpoint().map(specs.get(i));
        ElementType type = ElementType.of(stored.type());
        parts[i] = scope.arrayOver(stored.bytes(), stored.shape(), type.carrier());
        types[i] = type.code();
        loadedBytes += stored.bytes().remaining();
      }
      program.run(
          scope,
          "add_weight",
          target.list(),
          scope.tensors(parts),
          scope.integers(types),
          scope.integer(target.type().code()),
          scope.flag(target.prepacked()),
          source.scratch());
    }
    progress.loaded(loadedBytes, totalBytes);
  }
}
