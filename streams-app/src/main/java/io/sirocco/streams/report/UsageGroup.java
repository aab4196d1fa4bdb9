package io.sirocco.streams.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.usage.UsageTotals;
import org.jspecify.annotations.Nullable;

/**
 * A row of a report; a member that rows are not kept apart by is absent.
 *
 * <p>Immutable.
 *
 * @param user who pays
 * @param model the model that answered
 * @param startMillis the window's first millisecond since the epoch
 * @param endMillis the first millisecond behind it
 * @param totals what was used
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsageGroup(
    @JsonProperty("user") @Nullable String user,
    @JsonProperty("model") @Nullable String model,
    @JsonProperty("start_ms") @Nullable Long startMillis,
    @JsonProperty("end_ms") @Nullable Long endMillis,
    @JsonProperty("totals") UsageTotals totals) {

  UsageGroup with(UsageTotals other) {
    return new UsageGroup(user, model, startMillis, endMillis, other);
  }
}
