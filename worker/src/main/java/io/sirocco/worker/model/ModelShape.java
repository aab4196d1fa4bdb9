package io.sirocco.worker.model;

/**
 * The sizes of a loaded model that its callers must respect.
 *
 * <p>Immutable.
 *
 * @param vocabularySize number of tokens, and of logits in a row
 * @param contextTokens the longest sequence, prompt and answer together
 * @param windowTokens how many of the last tokens a token looks at, itself included: the most that a
 *     sequence ever needs in the cache; {@code contextTokens} for a model without a window
 * @param cacheTokens how many tokens of all sequences the cache holds
 */
public record ModelShape(
    int vocabularySize, int contextTokens, int windowTokens, int cacheTokens) {}
