package io.sirocco.streams.reconciliation;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A bill and a receipt of one request that do not agree.
 *
 * <p>Immutable.
 *
 * @param bill what was billed
 * @param receipt what a reader saw
 */
public record Difference(
    @JsonProperty("bill") Claim bill,
    @JsonProperty("receipt") Claim receipt) {}
