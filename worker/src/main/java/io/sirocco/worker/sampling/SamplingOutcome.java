package io.sirocco.worker.sampling;

/**
 * What came of a row of logits.
 *
 * <p>Implementations are immutable.
 */
public sealed interface SamplingOutcome permits SampledToken, UnusableLogits {}
