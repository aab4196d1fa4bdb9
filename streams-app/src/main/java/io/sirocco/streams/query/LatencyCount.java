package io.sirocco.streams.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.streams.latency.LatencyKey;

/**
 * How many answers of a model, in a window, took about how long.
 *
 * <p>Immutable.
 *
 * @param key model, window and duration
 * @param count how many
 */
public record LatencyCount(
    @JsonProperty("key") LatencyKey key,
    @JsonProperty(value = "count", required = true) long count) {}
