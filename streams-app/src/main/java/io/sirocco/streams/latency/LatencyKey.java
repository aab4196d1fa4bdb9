package io.sirocco.streams.latency;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.WindowSize;

/**
 * What answers are counted by: a model, a window, and about how long they took.
 *
 * <p>Immutable.
 *
 * @param model the model that answered
 * @param window how long the window is
 * @param startMillis when the window begins, in milliseconds since the epoch
 * @param bucket which durations, see {@link LatencySketch}
 */
public record LatencyKey(
    @JsonProperty("model") String model,
    @JsonProperty("window") WindowSize window,
    @JsonProperty(value = "start_ms", required = true) long startMillis,
    @JsonProperty(value = "bucket", required = true) int bucket) {

  public LatencyKey {
    requireNonNull(model, "model");
    requireNonNull(window, "window");
  }

  /** Returns the key of the window of that size that {@code event} falls into. */
  public static LatencyKey of(UsageEvent event, WindowSize window) {
    return new LatencyKey(
        event.model(),
        window,
        window.startOf(event.endedMillis()),
        LatencySketch.bucketOf(event.endedMillis() - event.requestedMillis()));
  }
}
