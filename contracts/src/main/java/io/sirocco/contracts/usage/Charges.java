package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What of some totals depends on prices.
 *
 * <p>Immutable.
 *
 * @param cost the exact cost, one amount a currency, sorted by currency
 * @param unpricedRequests how many requests used tokens that no price applied to
 * @param unpricedTokens their tokens, of all kinds
 */
public record Charges(
    @JsonProperty("cost") List<Money> cost,

    @JsonProperty(value = "unpriced_requests", required = true)
    long unpricedRequests,

    @JsonProperty(value = "unpriced_tokens", required = true)
    long unpricedTokens) {

  /** Nothing at all. */
  public static final Charges NONE = new Charges(List.of(), 0, 0);

  public Charges {
    cost = List.copyOf(requireNonNull(cost, "cost"));
  }

  /** Whether both say the same; an amount of 0 says nothing. */
  public boolean sameAs(Charges other) {
    return unpricedRequests == other.unpricedRequests
        && unpricedTokens == other.unpricedTokens
        && amountsOtherThanZero().equals(other.amountsOtherThanZero());
  }

  /** Returns the exact sum. */
  public Charges plus(Charges other) {
    return corrected(NONE, other);
  }

  /**
   * Returns these charges with {@code after} in the place of {@code before}: what was added to them
   * meanwhile stays. A currency that nothing is left of goes.
   */
  public Charges corrected(Charges before, Charges after) {
    TreeMap<String, BigDecimal> sums = new TreeMap<>();
    cost.forEach(money -> add(sums, money, BigDecimal.ONE));
    after.cost.forEach(money -> add(sums, money, BigDecimal.ONE));
    before.cost.forEach(money -> add(sums, money, BigDecimal.ONE.negate()));
    Set<String> wanted = after.cost.stream().map(Money::currency).collect(Collectors.toSet());
    sums.entrySet().removeIf(sum -> sum.getValue().signum() == 0 && !wanted.contains(sum.getKey()));
    return new Charges(
        sums.entrySet().stream()
            .map(sum -> new Money(sum.getKey(), new Decimal(sum.getValue())))
            .toList(),
        unpricedRequests + after.unpricedRequests - before.unpricedRequests,
        unpricedTokens + after.unpricedTokens - before.unpricedTokens);
  }

  private static void add(Map<String, BigDecimal> sums, Money money, BigDecimal times) {
    sums.merge(money.currency(), money.amount().value().multiply(times), BigDecimal::add);
  }

  private Map<String, Decimal> amountsOtherThanZero() {
    return cost.stream()
        .filter(money -> money.amount().value().signum() != 0)
        .collect(Collectors.toMap(Money::currency, Money::amount));
  }
}
