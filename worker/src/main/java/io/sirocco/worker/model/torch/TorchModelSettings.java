package io.sirocco.worker.model.torch;

/**
 * How a model is held and computed.
 *
 * <p>Immutable.
 *
 * @param precision the element type
 * @param slots the most sequences in the cache at the same time
 * @param contextTokens the most tokens of a sequence, prompt and answer together
 * @param threads how many threads share an operation
 */
public record TorchModelSettings(Precision precision, int slots, int contextTokens, int threads) {

  public TorchModelSettings {
    if (slots < 1 || contextTokens < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 slot, context token and thread, found %d, %d and %d"
              .formatted(slots, contextTokens, threads));
    }
  }
}
