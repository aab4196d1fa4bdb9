package io.sirocco.streams.reconciliation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Which request bill and receipt differ of. In JSON it sorts by time.
 *
 * <p>Immutable.
 *
 * @param startMillis the first millisecond of the bill's hour
 * @param user who pays
 * @param requestId the request's id
 * @param billId which of the bills under that id
 */
public record DifferingRequest(
    @JsonProperty(value = "start_ms", required = true) long startMillis,
    @JsonProperty("user") String user,
    @JsonProperty("request_id") String requestId,
    @JsonProperty("bill_id") String billId) {

  public DifferingRequest {
    requireNonNull(user, "user");
    requireNonNull(requestId, "requestId");
    requireNonNull(billId, "billId");
  }
}
