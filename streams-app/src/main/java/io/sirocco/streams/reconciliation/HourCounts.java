package io.sirocco.streams.reconciliation;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How the bills of an hour stand to what readers saw. Counts of one hour can be added in any order.
 *
 * <p>Immutable.
 *
 * @param startMillis the first millisecond of the hour since the epoch
 * @param matched how many requests were billed what was seen
 * @param differing how many were billed something else
 * @param withoutReceipt how many were billed of which nobody wrote what was seen
 * @param withoutBill how many were seen and not billed
 * @param billedTokens tokens billed of requests that have both, prompts included
 * @param seenTokens tokens seen of them
 */
public record HourCounts(
    @JsonProperty(value = "start_ms", required = true) long startMillis,
    @JsonProperty(value = "matched", required = true) long matched,
    @JsonProperty(value = "differing", required = true) long differing,

    @JsonProperty(value = "without_receipt", required = true)
    long withoutReceipt,

    @JsonProperty(value = "without_bill", required = true) long withoutBill,
    @JsonProperty(value = "billed_tokens", required = true) long billedTokens,
    @JsonProperty(value = "seen_tokens", required = true) long seenTokens) {

  /** Returns the counts of an hour without requests. */
  public static HourCounts none(long startMillis) {
    return new HourCounts(startMillis, 0, 0, 0, 0, 0, 0);
  }

  static HourCounts matched(long startMillis, Claim bill) {
    return new HourCounts(startMillis, 1, 0, 0, 0, bill.tokens(), bill.tokens());
  }

  static HourCounts differing(long startMillis, Difference difference) {
    return new HourCounts(
        startMillis,
        0,
        1,
        0,
        0,
        difference.bill().tokens(),
        difference.receipt().tokens());
  }

  static HourCounts withoutReceipt(long startMillis) {
    return new HourCounts(startMillis, 0, 0, 1, 0, 0, 0);
  }

  static HourCounts withoutBill(long startMillis) {
    return new HourCounts(startMillis, 0, 0, 0, 1, 0, 0);
  }

  /** Returns the sum, for the hour of this. */
  public HourCounts plus(HourCounts other) {
    return plus(other, 1);
  }

  /** Returns what is left without {@code other}. */
  public HourCounts minus(HourCounts other) {
    return plus(other, -1);
  }

  private HourCounts plus(HourCounts other, int times) {
    return new HourCounts(
        startMillis,
        matched + times * other.matched,
        differing + times * other.differing,
        withoutReceipt + times * other.withoutReceipt,
        withoutBill + times * other.withoutBill,
        billedTokens + times * other.billedTokens,
        seenTokens + times * other.seenTokens);
  }
}
