package io.sirocco.worker.model;

/**
 * What there is of a row that is not whole.
 *
 * <p>Implementations are immutable.
 */
public sealed interface PartialRow permits Likeliest, Shortlist {}
