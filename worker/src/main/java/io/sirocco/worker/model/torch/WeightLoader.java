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
  private final IValue home;
  private final LoadProgress progress;

  private long loadedBytes;
  private long totalBytes;

  /**
   * @param home a tensor on the device to which the weights are brought
   */
  WeightLoader(
      TorchProgram program,
      NativeScope model,
      Precision precision,
      LinearKernel kernel,
      IValue home,
      LoadProgress progress) {
    this.program = program;
    this.model = model;
    this.precision = precision;
    this.kernel = kernel;
    this.home = home;
    this.progress = progress;
  }

  /**
   * A list of the program's, and the form in which it takes weights.
   *
   * @param rows of each matrix are a multiple of so many, where the kernel wants that
   */
  private record Target(
      IValue list, IValue scales, ElementType type, LinearKernel kernel, int rows) {}

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
    IValue scales = program.run(model, "tensor_list");
    try (NativeScope loading = model.child()) {
      Source source = new Source(checkpoint, program.run(loading, "new_scratch", home));
      addAll(source, tensors, norms, linears, scales);
    }
    // Files are unmapped when their buffers are collected. Until then the process seems to hold the
    // model twice.
    System.gc();
    program.run(model, "add_constants", scales);
    return new DecoderWeights(embedding, norms, linears, scales);
  }

  /** Where weights come from, and the memory in which they are put together. */
  private record Source(Checkpoint checkpoint, IValue scratch) {}

  private void addAll(
      Source source, DecoderTensors tensors, IValue normList, IValue linearList, IValue scales)
      throws ModelLoadException {
    IValue unused = program.run(model, "tensor_list");
    Target norms = new Target(normList, unused, ElementType.FLOAT32, LinearKernel.PLAIN, 1);
    Target linears =
        new Target(linearList, scales, precision.elementType(), kernel, Precision.INT4_ROWS);
    // The program leaves logits of padding out; others would be taken for a part of the matrix.
    Target head = new Target(linearList, scales, precision.elementType(), kernel, 1);
    // Routers are small, and a rounding error in one sends a token to another expert.
    Target routers = new Target(linearList, scales, ElementType.FLOAT32, LinearKernel.PLAIN, 1);
    for (DecoderTensors.Layer layer : tensors.layers()) {
      add(source, List.of(layer.attentionNorm()), norms);
      add(source, layer.queryKeyValue(), linears);
      add(source, List.of(layer.attentionOutput()), linears);
      add(source, List.of(layer.feedForwardNorm()), norms);
      if (layer.router() != null) {
        add(source, List.of(layer.router()), routers);
      }
      for (DecoderTensors.Expert expert : layer.experts()) {
        add(source, List.of(expert.gate(), expert.up()), linears);
        add(source, List.of(expert.down()), linears);
      }
    }
    add(source, List.of(tensors.finalNorm()), norms);
    add(source, List.of(tensors.head()), head);
  }

  private static void requireShape(TensorSpec spec, Target target) throws ModelLoadException {
    if ((target.kernel() == LinearKernel.INT4 || target.kernel() == LinearKernel.INT4_WIDENED)
        && (spec.shape().get(0) % target.rows() != 0
            || spec.shape().get(1) % Precision.INT4_GROUP != 0)) {
      throw new ModelLoadException(
          "%s: expected a multiple of %d rows and of %d columns for int4, found %s"
              .formatted(spec.name(), target.rows(), Precision.INT4_GROUP, spec.shape()));
    }
  }

  /** On the processors, rows of the embedding are read where they are in the file. */
  private IValue embedding(StoredTensor stored) {
    ElementType type = ElementType.of(stored.type());
    IValue carried = model.tensorOver(stored.bytes(), stored.shape(), type.carrier());
    return program.run(model, "embedding", carried, model.integer(type.code()), home);
  }

  private void add(Source source, List<TensorSpec> specs, Target target) throws ModelLoadException {
    try (NativeScope scope = model.child()) {
      PtNDArray[] parts = new PtNDArray[specs.size()];
      long[] types = new long[specs.size()];
      for (int i = 0; i < parts.length; i++) {
        requireShape(specs.get(i), target);
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
          target.scales(),
          scope.tensors(parts),
          scope.integers(types),
          scope.integer(target.type().code()),
          scope.integer(target.kernel().code()),
          source.scratch());
    }
    progress.loaded(loadedBytes, totalBytes);
  }
}
