package io.sirocco.streams.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.usage.UsageTotals;
import java.util.List;

/**
 * Groups of usage and their sum.
 *
 * <p>Immutable.
 *
 * @param total the sum of all groups, of those that were left out as well
 * @param groups the groups, in the order that was asked for
 * @param leftOut how many groups there are beyond the limit
 */
public record UsageReport(
    @JsonProperty("total") UsageTotals total,
    @JsonProperty("groups") List<UsageGroup> groups,
    @JsonProperty("left_out") int leftOut) {}
