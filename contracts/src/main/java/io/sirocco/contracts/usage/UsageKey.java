package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What totals are kept by: the key on {@code chat.usage.by-user}.
 *
 * <p>The members stand in an order that makes neighbours of the windows of one user, one after the
 * other in time: as their times all have 13 digits, the JSON sorts like the values. Stores rely on
 * it for reading a range.
 *
 * <p>Immutable.
 *
 * @param user who pays
 * @param window how long the window is
 * @param startMillis when the window begins, in milliseconds since the epoch
 * @param model the model that answered
 */
public record UsageKey(
    @JsonProperty("user") String user,
    @JsonProperty("window") WindowSize window,
    @JsonProperty(value = "start_ms", required = true) long startMillis,
    @JsonProperty("model") String model) {

  public UsageKey {
    requireNonNull(user, "user");
    requireNonNull(window, "window");
    requireNonNull(model, "model");
    EpochMillis.require("start_ms", startMillis);
  }

  /** Returns the key of the window of that size that {@code event} falls into. */
  public static UsageKey of(UsageEvent event, WindowSize window) {
    return new UsageKey(event.user(), window, window.startOf(event.endedMillis()), event.model());
  }
}
