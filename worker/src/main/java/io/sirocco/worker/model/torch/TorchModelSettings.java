package io.sirocco.worker.model.torch;

import java.util.Optional;

/**
 * How a model is held and computed.
 *
 * <p>Immutable.
 *
 * @param device where
 * @param precision the form of weights and arithmetic
 * @param fallback the precision in its place where the device cannot compute it
 * @param cacheTokens how many tokens of all sequences the cache holds
 * @param contextTokens the most tokens of a sequence, prompt and answer together
 * @param threads how many threads share an operation of the processors
 */
public record TorchModelSettings(
    ComputeDevice device,
    Precision precision,
    Optional<Precision> fallback,
    int cacheTokens,
    int contextTokens,
    int threads) {

  /** On the processors, without a fallback. */
  public TorchModelSettings(Precision precision, int cacheTokens, int contextTokens, int threads) {
    this(ComputeDevice.CPU, precision, Optional.empty(), cacheTokens, contextTokens, threads);
  }

  public TorchModelSettings {
    if (cacheTokens < 1 || contextTokens < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 cache token, context token and thread, found %d, %d and %d"
              .formatted(cacheTokens, contextTokens, threads));
    }
  }

  /** The same on another device. */
  public TorchModelSettings on(ComputeDevice other) {
    return new TorchModelSettings(other, precision, fallback, cacheTokens, contextTokens, threads);
  }

  /** The same in another precision. */
  TorchModelSettings in(Precision other) {
    return new TorchModelSettings(
        device, other, Optional.empty(), cacheTokens, contextTokens, threads);
  }
}
