package io.sirocco.contracts.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageTotalsTest {
  @Test
  void costsOfACurrencyAreOneAmountAndCurrenciesStayApart() {
    UsageTotals totals = UsageTotals.priced(event(10, 4, 5, "stop"), money("USD", "0.1"))
        .plus(UsageTotals.priced(event(1, 0, 1, "stop"), money("EUR", "7")))
        .plus(UsageTotals.priced(event(2, 0, 3, "length"), money("USD", "0.2")));

    assertThat(totals)
        .isEqualTo(new UsageTotals(
            3, 0, 13, 4, 9, 0, 0, List.of(money("EUR", "7"), money("USD", "0.3")), Map.of()));
  }

  @Test
  void unpricedTokensAreCountedAndCostNothingThatIsKnown() {
    UsageTotals totals = UsageTotals.unpriced(event(10, 4, 5, "server_error"));

    assertThat(totals)
        .isEqualTo(new UsageTotals(1, 1, 10, 4, 5, 1, 15, List.of(), Map.of("server_error", 1L)));
  }

  @Test
  void requestWithoutTokensLeavesNothingUnpriced() {
    UsageTotals totals = UsageTotals.unpriced(event(0, 0, 0, "invalid_value"));

    assertThat(totals)
        .isEqualTo(new UsageTotals(1, 1, 0, 0, 0, 0, 0, List.of(), Map.of("invalid_value", 1L)));
  }

  @Test
  void freeTokensCostZeroAndAreNotUnpriced() {
    UsageTotals totals = UsageTotals.priced(event(1, 0, 1, "stop"), money("USD", "0"));

    assertThat(totals.cost()).containsExactly(money("USD", "0"));
    assertThat(totals.unpricedTokens()).isZero();
  }

  @Test
  void zeroChangesNothing() {
    UsageTotals totals = UsageTotals.priced(event(1, 1, 1, "stop"), money("USD", "0.000001"));

    assertThat(UsageTotals.ZERO.plus(totals)).isEqualTo(totals);
    assertThat(totals.plus(UsageTotals.ZERO)).isEqualTo(totals);
  }

  @Test
  void failuresAreCountedByReasonAndUnknownOnesTogether() {
    UsageTotals totals = UsageTotals.unpriced(event(0, 0, 0, "server_error"))
        .plus(UsageTotals.unpriced(event(0, 0, 0, "server_error")))
        .plus(UsageTotals.unpriced(event(0, 0, 0, "of a later version")))
        .plus(UsageTotals.unpriced(event(0, 0, 0, "of another one")))
        .plus(UsageTotals.unpriced(event(0, 0, 0, "stop")));

    assertThat(totals.failuresByReason())
        .isEqualTo(Map.of("server_error", 2L, UsageTotals.OTHER, 2L));
    assertThat(totals.failures()).isEqualTo(4);
  }

  @Test
  void monthsAreThoseOfTheCalendarInUtc() {
    long leapDay = 1_709_251_199_999L; // 2024-02-29T23:59:59.999Z

    assertThat(WindowSize.MONTH.startOf(leapDay)).isEqualTo(1_706_745_600_000L);
    assertThat(WindowSize.MONTH.endOf(1_706_745_600_000L)).isEqualTo(leapDay + 1);
  }

  @Test
  void windowsBeginOnTheHourAndAtMidnightInUtc() {
    long time = 1_754_000_001_250L; // 2025-07-31T22:13:21.250Z

    assertThat(WindowSize.HOUR.startOf(time)).isEqualTo(1_753_999_200_000L);
    assertThat(WindowSize.HOUR.startOf(1_753_999_200_000L)).isEqualTo(1_753_999_200_000L);
    assertThat(WindowSize.DAY.startOf(time)).isEqualTo(1_753_920_000_000L);
    assertThat(WindowSize.DAY.endOf(1_753_920_000_000L)).isEqualTo(1_754_006_400_000L);
  }

  private static Money money(String currency, String amount) {
    return new Money(currency, Decimal.of(amount));
  }

  private static UsageEvent event(int prompt, int cached, int completion, String outcome) {
    return new UsageEvent(
        "u",
        "m",
        "r",
        "chat.requests.m",
        0,
        0,
        prompt,
        cached,
        completion,
        outcome,
        1_754_000_000_000L,
        1_754_000_001_250L);
  }
}
