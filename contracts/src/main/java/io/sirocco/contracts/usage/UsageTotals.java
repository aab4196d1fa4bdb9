package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.error.ErrorCode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What usage adds up to. Totals can be added in any order, and {@link #ZERO} changes nothing.
 *
 * <p>Tokens that no price applied to are in {@code unpricedTokens} and in no cost: a cost is what
 * is known, and is complete only if there are none.
 *
 * <p>Reasons of failures are the codes of errors that this version knows, and {@value #OTHER} for
 * any other, so that their number is bounded. Totals that were written before reasons were counted
 * have fewer of them than failures.
 *
 * <p>Immutable.
 *
 * @param requests how many requests, failed ones included
 * @param failures how many of them got no complete answer
 * @param promptTokens tokens of conversations, cached ones included
 * @param cachedTokens how many of them came from a cache
 * @param completionTokens tokens generated
 * @param unpricedRequests how many requests used tokens that no price applied to
 * @param unpricedTokens their tokens, of all kinds
 * @param cost the exact cost of the others, one amount a currency, sorted by currency
 * @param failuresByReason how many failures each reason has, sorted by reason; absent when empty
 * @param corrections how often the cost was corrected since it was counted; absent when never
 */
public record UsageTotals(
    @JsonProperty(value = "requests", required = true) long requests,
    @JsonProperty(value = "failures", required = true) long failures,
    @JsonProperty(value = "prompt_tokens", required = true) long promptTokens,
    @JsonProperty(value = "cached_tokens", required = true) long cachedTokens,

    @JsonProperty(value = "completion_tokens", required = true)
    long completionTokens,

    @JsonProperty(value = "unpriced_requests", required = true)
    long unpricedRequests,

    @JsonProperty(value = "unpriced_tokens", required = true)
    long unpricedTokens,

    @JsonProperty("cost") List<Money> cost,

    @JsonProperty("failures_by_reason") @JsonInclude(JsonInclude.Include.NON_EMPTY)
    Map<String, Long> failuresByReason,

    @JsonProperty("corrections") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    long corrections) {

  /** The reason of failures whose code this version does not know. */
  public static final String OTHER = "other";

  /** No usage at all. */
  public static final UsageTotals ZERO = new UsageTotals(0, 0, 0, 0, 0, 0, 0, List.of(), Map.of());

  /** Totals of which nothing was corrected. */
  public UsageTotals(
      long requests,
      long failures,
      long promptTokens,
      long cachedTokens,
      long completionTokens,
      long unpricedRequests,
      long unpricedTokens,
      List<Money> cost,
      Map<String, Long> failuresByReason) {
    this(
        requests,
        failures,
        promptTokens,
        cachedTokens,
        completionTokens,
        unpricedRequests,
        unpricedTokens,
        cost,
        failuresByReason,
        0);
  }

  public UsageTotals {
    // Most totals are of one currency, and without failures.
    cost = requireNonNull(cost, "cost").size() < 2 ? List.copyOf(cost) : sum(cost.stream());
    // Written since reasons are counted.
    failuresByReason = failuresByReason == null || failuresByReason.isEmpty()
        ? Map.of()
        : Collections.unmodifiableMap(new TreeMap<>(failuresByReason));
  }

  /** Returns the totals of one event that costs {@code cost}. */
  public static UsageTotals priced(UsageEvent event, Money cost) {
    return of(event, 0, 0, List.of(cost));
  }

  /**
   * Returns the totals of one event that no price applies to. An event without tokens costs nothing
   * at any price, and leaves nothing unpriced.
   */
  public static UsageTotals unpriced(UsageEvent event) {
    long tokens = (long) event.promptTokens() + event.completionTokens();
    return of(event, tokens == 0 ? 0 : 1, tokens, List.of());
  }

  private static UsageTotals of(
      UsageEvent event, long unpricedRequests, long unpricedTokens, List<Money> cost) {
    return new UsageTotals(
        1,
        event.failed() ? 1 : 0,
        event.promptTokens(),
        event.cachedTokens(),
        event.completionTokens(),
        unpricedRequests,
        unpricedTokens,
        cost,
        event.failed() ? Map.of(reason(event.outcome()), 1L) : Map.of());
  }

  private static String reason(String outcome) {
    return ErrorCode.isCode(outcome) ? outcome : OTHER;
  }

  /** Returns the exact sum. */
  public UsageTotals plus(UsageTotals other) {
    return new UsageTotals(
        requests + other.requests,
        failures + other.failures,
        promptTokens + other.promptTokens,
        cachedTokens + other.cachedTokens,
        completionTokens + other.completionTokens,
        unpricedRequests + other.unpricedRequests,
        unpricedTokens + other.unpricedTokens,
        Stream.concat(cost.stream(), other.cost.stream()).toList(),
        sum(failuresByReason, other.failuresByReason),
        corrections + other.corrections);
  }

  /** What of them depends on prices. */
  public Charges charges() {
    return new Charges(cost, unpricedRequests, unpricedTokens);
  }

  /** Returns these totals with what a correction adds to their cost and takes from it. */
  public UsageTotals corrected(Correction correction) {
    Charges charges = charges().corrected(correction.before(), correction.after());
    return new UsageTotals(
        requests,
        failures,
        promptTokens,
        cachedTokens,
        completionTokens,
        charges.unpricedRequests(),
        charges.unpricedTokens(),
        charges.cost(),
        failuresByReason,
        corrections + 1);
  }

  private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
    if (other.isEmpty()) {
      return one;
    }
    TreeMap<String, Long> sums = new TreeMap<>(one);
    other.forEach((reason, count) -> sums.merge(reason, count, Long::sum));
    return sums;
  }

  private static List<Money> sum(Stream<Money> amounts) {
    TreeMap<String, Money> byCurrency = new TreeMap<>();
    amounts.forEach(money -> byCurrency.merge(money.currency(), money, Money::plus));
    return List.copyOf(byCurrency.values());
  }
}
