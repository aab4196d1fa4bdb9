package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What one user used of one model in one window: the value on {@code chat.usage.by-user}, where the
 * last record of a key counts.
 *
 * <p>It repeats its key, for readers that see values only.
 *
 * <p>Immutable.
 *
 * @param user who pays
 * @param model the model that answered
 * @param window how long the window is
 * @param startMillis the window's first millisecond since the epoch
 * @param endMillis the first millisecond behind it
 * @param totals what was used in it
 */
public record WindowTotals(
    @JsonProperty("user") String user,
    @JsonProperty("model") String model,
    @JsonProperty("window") WindowSize window,
    @JsonProperty(value = "start_ms", required = true) long startMillis,
    @JsonProperty(value = "end_ms", required = true) long endMillis,
    @JsonProperty("totals") UsageTotals totals) {

  public WindowTotals {
    requireNonNull(user, "user");
    requireNonNull(model, "model");
    requireNonNull(window, "window");
    requireNonNull(totals, "totals");
  }

  /** Returns the record of that key. */
  public static WindowTotals of(UsageKey key, UsageTotals totals) {
    return new WindowTotals(
        key.user(),
        key.model(),
        key.window(),
        key.startMillis(),
        key.window().endOf(key.startMillis()),
        totals);
  }
}
