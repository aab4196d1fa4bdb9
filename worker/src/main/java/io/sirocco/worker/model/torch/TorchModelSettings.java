package io.sirocco.worker.model.torch;

/**
 * How a model is held and computed.
 *
 * <p>Immutable.
 *
 * @param precision the element type
 * @param cacheTokens how many tokens of all sequences the cache holds
 * @param contextTokens the most tokens of a sequence, prompt and answer together
 * @param threads how many threads share an operation
 */
public record TorchModelSettings(
    Precision precision, int cacheTokens, int contextTokens, int threads) {

  public TorchModelSettings {
    if (cacheTokens < 1 || contextTokens < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 cache token, context token and thread, found %d, %d and %d"
              .formatted(cacheTokens, contextTokens, threads));
    }
  }
}
