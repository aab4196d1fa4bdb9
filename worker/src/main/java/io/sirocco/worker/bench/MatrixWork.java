package io.sirocco.worker.bench;

import io.sirocco.worker.model.folder.Experts;
import io.sirocco.worker.model.folder.ModelConfig;

/**
 * What a decoder must compute for each token in its linear layers: a product and its sum for each weight,
 * which are two operations. Attention over what was before is not counted.
 *
 * <p>Immutable.
 *
 * @param config the decoder's sizes
 */
public record MatrixWork(ModelConfig config) {

  /** Operations for each token of a prompt, of which the last alone has logits. */
  public double ofPrompt() {
    double hidden = config.hiddenSize();
    double queries = (double) config.heads() * config.headDim();
    double keys = (double) config.kvHeads() * config.headDim();
    Experts experts = config.experts();
    double feedForward =
        3 * hidden * config.intermediateSize() * (experts == null ? 1 : experts.perToken());
    return 2 * config.layers() * (2 * hidden * (queries + keys) + feedForward);
  }

  /** Operations for each token of an answer. */
  public double ofAnswer() {
    return ofPrompt() + 2.0 * config.hiddenSize() * config.vocabularySize();
  }
}
