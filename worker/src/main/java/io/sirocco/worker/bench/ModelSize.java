package io.sirocco.worker.bench;

import io.sirocco.worker.model.folder.DecoderTensors;
import io.sirocco.worker.model.folder.ModelConfig;
import io.sirocco.worker.model.folder.TensorSpec;

/**
 * How much there is of a decoder.
 *
 * <p>Immutable.
 *
 * @param config the decoder's sizes
 */
public record ModelSize(ModelConfig config) {

  /** All parameters; where the output layer is the embedding, it counts once. */
  public long parameters() {
    return DecoderTensors.of(config).all().stream()
        .mapToLong(ModelSize::elements)
        .sum();
  }

  /** The weights of linear layers, the output layer among them. */
  public long linearWeights() {
    DecoderTensors tensors = DecoderTensors.of(config);
    long matrices = tensors.all().stream()
        .filter(spec -> spec.shape().size() == 2 && !spec.equals(tensors.embedding()))
        .mapToLong(ModelSize::elements)
        .sum();
    return tensors.tied() ? matrices + elements(tensors.embedding()) : matrices;
  }

  /** What the cache keeps of each token. */
  public long cacheElementsPerToken() {
    return 2L * config.layers() * config.kvHeads() * config.headDim();
  }

  private static long elements(TensorSpec spec) {
    return spec.shape().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
  }
}
