package io.sirocco.streams.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageTotals;
import java.util.List;
import java.util.Map;

/**
 * Where spend stands.
 *
 * <p>Immutable.
 *
 * @param nowMillis the moment it is about, in milliseconds since the epoch
 * @param today what was used since midnight, UTC
 * @param month what was used since the month began, UTC
 * @param forecast what the month will cost if it goes on as it did, one amount a currency: an
 *     estimate, rounded
 * @param unpricedModels models whose tokens of this month had no price, sorted
 * @param deadLetters how many records wait on each dead-letter topic that has any
 */
public record SpendSummary(
    @JsonProperty("now_ms") long nowMillis,
    @JsonProperty("today") UsageTotals today,
    @JsonProperty("month") UsageTotals month,
    @JsonProperty("forecast") List<Money> forecast,
    @JsonProperty("unpriced_models") List<String> unpricedModels,
    @JsonProperty("dead_letters") Map<String, Long> deadLetters) {}
