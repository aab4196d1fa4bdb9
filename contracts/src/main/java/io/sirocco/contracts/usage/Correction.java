package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;

/**
 * What one user's hour of one model costs after its history was priced again, on {@code
 * chat.usage.corrections}; its key is the user.
 *
 * <p>It counts if its number is one more than the {@linkplain UsageTotals#corrections corrections}
 * that the hour has seen. So a copy changes nothing, nor does a second run that stood where the first
 * one stood, and no id has to be remembered. The hour's day is corrected with it.
 *
 * <p>Immutable.
 *
 * @param user who pays
 * @param model the model that answered
 * @param startMillis the first millisecond of the hour since the epoch
 * @param number which correction of the hour it is, from 1
 * @param before what the hour was found to cost
 * @param after what it costs at the prices that apply now
 * @param decidedMillis when that was found, in milliseconds since the epoch
 */
public record Correction(
    @JsonProperty("user") String user,
    @JsonProperty("model") String model,
    @JsonProperty(value = "start_ms", required = true) long startMillis,
    @JsonProperty(value = "number", required = true) long number,
    @JsonProperty("before") Charges before,
    @JsonProperty("after") Charges after,
    @JsonProperty(value = "decided_ms", required = true) long decidedMillis) {

  /** The CloudEvents type of the event. */
  public static final String TYPE = "io.sirocco.usage-correction.v1";

  /** The CloudEvents source of the event. */
  public static final String SOURCE = "/sirocco/reprice";

  public Correction {
    requireNonNull(user, "user");
    requireNonNull(model, "model");
    requireNonNull(before, "before");
    requireNonNull(after, "after");
    EpochMillis.require("start_ms", startMillis);
    EpochMillis.require("decided_ms", decidedMillis);
    if (startMillis != WindowSize.HOUR.startOf(startMillis)) {
      throw new IllegalArgumentException(
          "expected the first millisecond of an hour as start_ms, found " + startMillis);
    }
    if (number < 1) {
      throw new IllegalArgumentException("expected 1 or more as number, found " + number);
    }
  }

  /** The same for all copies: the hour and the number. */
  public String id() {
    return startMillis + "/" + number + "/" + model + "/" + user;
  }

  /** Returns the key of the hour, or of the day that it is in. */
  public UsageKey key(WindowSize window) {
    return new UsageKey(user, window, window.startOf(startMillis), model);
  }

  /** The record's headers, which make it a CloudEvent in binary mode; values are UTF-8 text. */
  public Map<String, String> headers() {
    return CloudEvent.headers(id(), SOURCE, TYPE, user, Instant.ofEpochMilli(decidedMillis));
  }
}
