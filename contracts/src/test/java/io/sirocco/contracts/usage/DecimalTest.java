package io.sirocco.contracts.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {
  @ParameterizedTest
  @CsvSource({
    "0.10, 0.1",
    "0.000, 0",
    "-0.0, 0",
    "100, 100",
    "007.50, 7.5",
    "-2.50, -2.5",
    "0.000000000000000000000000000001, 0.000000000000000000000000000001"
  })
  void textHasNoExponentAndNoZerosAtTheEnd(String text, String canonical) {
    assertThat(Decimal.of(text).text()).isEqualTo(canonical);
    assertThat(Decimal.of(text)).isEqualTo(Decimal.of(canonical));
  }

  @Test
  void tenthsAddUpExactly() {
    assertThat(Decimal.of("0.1").plus(Decimal.of("0.2"))).isEqualTo(Decimal.of("0.3"));
    assertThat(new Decimal(new BigDecimal("1E+3")).text()).isEqualTo("1000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " 1", "1e3", "+1", ".5", "5.", "1,5", "NaN", "0x1", "١"})
  void otherTextIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Decimal.of(text))
        .withMessage("expected a plain decimal number such as \"0.075\", found another text");
  }

  @Test
  void amountsOfTwoCurrenciesAreNeverAdded() {
    Money dollars = new Money("USD", Decimal.of("1"));
    Money euros = new Money("EUR", Decimal.of("1"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> dollars.plus(euros))
        .withMessage("expected an amount in USD, found one in EUR");
  }
}
