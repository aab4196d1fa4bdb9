package io.sirocco.worker.sampling;

/**
 * No token can be chosen from the row.
 *
 * <p>Immutable.
 *
 * @param greatest the greatest logit, which is no finite number
 */
public record UnusableLogits(float greatest) implements SamplingOutcome {}
