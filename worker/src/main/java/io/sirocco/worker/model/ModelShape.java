package io.sirocco.worker.model;

/**
 * The sizes of a loaded model that its callers must respect.
 *
 * <p>Immutable.
 *
 * @param vocabularySize number of tokens, and of logits in a row
 * @param contextTokens the most tokens, prompt and answer together, that a slot holds
 * @param slots the most sequences that can be in the cache at the same time
 */
public record ModelShape(int vocabularySize, int contextTokens, int slots) {}
