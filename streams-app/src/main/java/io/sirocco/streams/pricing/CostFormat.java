package io.sirocco.streams.pricing;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageTotals;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The edge at which money is rounded: for a person, or for an invoice, and nowhere else.
 *
 * <p>The rule: the exact sum is rounded once, half to even, so that many amounts err neither way. An
 * amount that would be shown as 0 and is not is shown as below the smallest that can be. What has no
 * price is shown as {@value #UNPRICED}.
 *
 * <p>Immutable.
 *
 * @param decimals how many digits behind the point are shown
 */
public record CostFormat(int decimals) {
  /** What stands in the place of an unknown cost. */
  public static final String UNPRICED = "UNPRICED";

  /** Millionths of a currency: an answer costs far less than a cent. */
  public static final CostFormat MILLIONTHS = new CostFormat(6);

  public CostFormat {
    if (decimals < 0 || decimals > 30) {
      throw new IllegalArgumentException("expected 0 to 30 decimals, found " + decimals);
    }
  }

  /** Returns an amount as text, such as {@code 0.000118 USD} or {@code <0.000001 USD}. */
  public String format(Money money) {
    BigDecimal exact = money.amount().value();
    BigDecimal rounded = exact.setScale(decimals, RoundingMode.HALF_EVEN);
    if (rounded.signum() == 0 && exact.signum() > 0) {
      return "<" + BigDecimal.ONE.movePointLeft(decimals).toPlainString() + " " + money.currency();
    }
    return rounded.toPlainString() + " " + money.currency();
  }

  /**
   * Returns the cost of totals as text: each currency, and {@value #UNPRICED} if a part of it is
   * unknown; {@code 0} if nothing was used that costs anything.
   */
  public String format(UsageTotals totals) {
    Stream<String> known = totals.cost().stream().map(this::format);
    Stream<String> unknown = totals.unpricedTokens() > 0 ? Stream.of(UNPRICED) : Stream.empty();
    String text = Stream.concat(known, unknown).collect(Collectors.joining(" + "));
    return text.isEmpty() ? "0" : text;
  }

  /**
   * Returns an amount rounded to the smallest unit of its currency, such as cents, half to even: for
   * the line of an invoice, after all of its usage was added up.
   */
  public static Money invoiced(Money exact) {
    // A currency without a smallest unit, such as gold, has -1.
    int digits = Math.max(0, Currency.getInstance(exact.currency()).getDefaultFractionDigits());
    return new Money(
        exact.currency(),
        new Decimal(exact.amount().value().setScale(digits, RoundingMode.HALF_EVEN)));
  }
}
