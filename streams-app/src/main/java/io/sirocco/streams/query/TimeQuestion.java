package io.sirocco.streams.query;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Which hours are asked for, of all users and models.
 *
 * <p>Immutable.
 *
 * @param fromMillis the first start of an hour that is wanted, in milliseconds since the epoch
 * @param toMillis the first one that is not wanted any more
 */
public record TimeQuestion(
    @JsonProperty(value = "from_ms", required = true) long fromMillis,
    @JsonProperty(value = "to_ms", required = true) long toMillis) {}
