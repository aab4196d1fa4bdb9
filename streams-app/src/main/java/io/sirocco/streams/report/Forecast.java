package io.sirocco.streams.report;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.WindowSize;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;

/**
 * What a month will cost if it goes on as it did: spend so far, by the part of the month that has
 * passed.
 *
 * <p>Immutable.
 */
final class Forecast {
  /** In the first hours of a month, one dear request would forecast a fortune. */
  private static final long SHORTEST_MILLIS = Duration.ofHours(6).toMillis();

  private static final int DECIMALS = 6;

  private Forecast() {}

  static List<Money> ofMonth(List<Money> soFar, long nowMillis) {
    long begin = WindowSize.MONTH.startOf(nowMillis);
    long length = WindowSize.MONTH.endOf(begin) - begin;
    long passed = Math.max(SHORTEST_MILLIS, nowMillis - begin);
    BigDecimal factor =
        BigDecimal.valueOf(length).divide(BigDecimal.valueOf(passed), MathContext.DECIMAL64);
    return soFar.stream().map(money -> times(money, factor)).toList();
  }

  private static Money times(Money money, BigDecimal factor) {
    BigDecimal amount =
        money.amount().value().multiply(factor).setScale(DECIMALS, RoundingMode.HALF_EVEN);
    return new Money(money.currency(), new Decimal(amount));
  }
}
