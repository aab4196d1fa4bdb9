package io.sirocco.worker.verify;

/**
 * A step of greedy decoding at which the model prefers another token than the reference.
 *
 * <p>Immutable.
 *
 * @param caseName the golden case
 * @param step index in the continuation, from 0
 * @param expected the reference's token
 * @param found the model's token
 * @param gap by how much the model's logit of its token exceeds that of the reference's
 */
public record Disagreement(String caseName, int step, int expected, int found, double gap) {}
