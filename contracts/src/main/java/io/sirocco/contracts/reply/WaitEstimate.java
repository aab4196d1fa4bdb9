package io.sirocco.contracts.reply;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How long a request will wait: the body of a {@code progress} record. It is a guess, and the next one may
 * be greater.
 *
 * <p>Immutable.
 *
 * @param ahead how many requests of its worker are before it
 * @param estimatedSeconds how long it will wait, in whole seconds; null when nothing is known yet
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WaitEstimate(
    @JsonProperty(value = "ahead", required = true) int ahead,
    @JsonProperty("estimated_seconds") @Nullable Long estimatedSeconds) {

  public WaitEstimate {
    if (ahead < 0 || (estimatedSeconds != null && estimatedSeconds < 0)) {
      throw new IllegalArgumentException(
          "expected 0 or more in ahead and estimated_seconds, found %d and %s"
              .formatted(ahead, estimatedSeconds));
    }
  }
}
