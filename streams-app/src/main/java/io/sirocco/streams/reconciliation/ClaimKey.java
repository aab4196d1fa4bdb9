package io.sirocco.streams.reconciliation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What both sides know a request by.
 *
 * <p>Immutable.
 *
 * @param user who pays
 * @param requestId the request's id, which its sender chose
 */
public record ClaimKey(
    @JsonProperty("user") String user,
    @JsonProperty("request_id") String requestId) {

  public ClaimKey {
    requireNonNull(user, "user");
    requireNonNull(requestId, "requestId");
  }
}
