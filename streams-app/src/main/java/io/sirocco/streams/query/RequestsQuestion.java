package io.sirocco.streams.query;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Whose requests are asked for.
 *
 * <p>Immutable.
 *
 * @param user the user
 * @param limit how many at most
 */
public record RequestsQuestion(
    @JsonProperty("user") String user,
    @JsonProperty(value = "limit", required = true) int limit) {

  public RequestsQuestion {
    requireNonNull(user, "user");
  }
}
