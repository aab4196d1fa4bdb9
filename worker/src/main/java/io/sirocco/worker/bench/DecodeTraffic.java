package io.sirocco.worker.bench;

import io.sirocco.worker.model.folder.Experts;
import io.sirocco.worker.model.folder.ModelConfig;

/**
 * What a decoder must read from memory for each token, which is what bounds its speed.
 *
 * <p>A step reads every matrix once, however many sequences share it, and the keys and values of each
 * sequence. Of the embedding it reads a row for each token, which is not counted. Experts are counted
 * as often as a router without a preference would choose them.
 *
 * <p>Immutable.
 *
 * @param config the decoder's sizes
 * @param bytesPerWeight of a linear layer
 * @param bytesPerCacheElement of a key or a value
 */
public record DecodeTraffic(
    ModelConfig config, double bytesPerWeight, double bytesPerCacheElement) {

  /** Bytes read for each token, in the middle of a measurement. */
  public double bytesPerToken(DecodeLoad load) {
    double cache = 2.0 * config.layers() * keyValueWidth() * seen(load.meanTokens());
    return bytesPerWeight * weights(load.sequences()) / load.sequences()
        + bytesPerCacheElement * cache;
  }

  private double weights(int sequences) {
    double hidden = config.hiddenSize();
    double attention = 2 * hidden * ((double) config.heads() * config.headDim() + keyValueWidth());
    double feedForward = 3 * hidden * config.intermediateSize() * expertsRead(sequences);
    return config.layers() * (attention + feedForward) + hidden * config.vocabularySize();
  }

  private double expertsRead(int sequences) {
    Experts experts = config.experts();
    if (experts == null) {
      return 1;
    }
    double untouched = Math.pow(1 - (double) experts.perToken() / experts.count(), sequences);
    return experts.count() * (1 - untouched);
  }

  private double keyValueWidth() {
    return (double) config.kvHeads() * config.headDim();
  }

  private double seen(double tokens) {
    Integer window = config.slidingWindow();
    return window == null ? tokens : Math.min(window, tokens);
  }
}
