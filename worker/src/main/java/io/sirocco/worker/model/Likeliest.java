package io.sirocco.worker.model;

/**
 * The likeliest token of a row of logits: of equals the one with the smallest id; a logit that is no
 * number counts as greatest.
 *
 * <p>Immutable.
 *
 * @param tokenId the token
 * @param logit its float32 logit before any sampling
 */
public record Likeliest(int tokenId, float logit) implements PartialRow {}
