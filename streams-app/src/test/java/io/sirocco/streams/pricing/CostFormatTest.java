package io.sirocco.streams.pricing;

import static io.sirocco.streams.TestUsage.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageTotals;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostFormatTest {
  private final CostFormat format = CostFormat.MILLIONTHS;

  @ParameterizedTest
  @CsvSource({
    "0.00011785, 0.000118 USD",
    "0.0000005, <0.000001 USD",
    "0.0000015, 0.000002 USD",
    "0.0000025, 0.000002 USD",
    "0.000000000001, <0.000001 USD",
    "0, 0.000000 USD",
    "12, 12.000000 USD"
  })
  void amountIsRoundedHalfToEvenAndNeverDisappears(String exact, String shown) {
    assertThat(format.format(usd(exact))).isEqualTo(shown);
  }

  @Test
  void unknownCostIsSaidAndNeverZero() {
    assertThat(format.format(totals(7))).isEqualTo("UNPRICED");
    assertThat(format.format(totals(7, usd("1")))).isEqualTo("1.000000 USD + UNPRICED");
  }

  @Test
  void currenciesStandSideBySide() {
    Money euros = new Money("EUR", Decimal.of("2"));

    assertThat(format.format(totals(0, usd("1"), euros))).isEqualTo("2.000000 EUR + 1.000000 USD");
  }

  @Test
  void nothingUsedCostsNothing() {
    assertThat(format.format(UsageTotals.ZERO)).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource({"USD, 0.125, 0.12", "USD, 0.135, 0.14", "JPY, 1.5, 2", "KWD, 0.0005, 0"})
  void invoiceHasTheSmallestUnitOfItsCurrency(String currency, String exact, String invoiced) {
    assertThat(CostFormat.invoiced(new Money(currency, Decimal.of(exact))))
        .isEqualTo(new Money(currency, Decimal.of(invoiced)));
  }

  @Test
  void impossiblePrecisionIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CostFormat(31))
        .withMessage("expected 0 to 30 decimals, found 31");
  }

  private static UsageTotals totals(long unpricedTokens, Money... cost) {
    return new UsageTotals(1, 0, 1, 0, 1, 0, unpricedTokens, List.of(cost), Map.of());
  }
}
