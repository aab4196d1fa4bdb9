package io.sirocco.contracts.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChargesTest {
  private static final Charges ONE_DOLLAR = charges(0, 0, money("USD", "1"));

  @Test
  void correctionKeepsWhatWasAddedMeanwhile() {
    Charges now = charges(1, 7, money("USD", "1.25"));

    assertThat(now.corrected(ONE_DOLLAR, charges(0, 0, money("USD", "3"))))
        .isEqualTo(charges(1, 7, money("USD", "3.25")));
  }

  @Test
  void currencyThatNothingIsLeftOfGoesAndAPriceOfZeroStays() {
    assertThat(ONE_DOLLAR.corrected(ONE_DOLLAR, charges(0, 0, money("EUR", "0"))))
        .isEqualTo(charges(0, 0, money("EUR", "0")));
  }

  @Test
  void unpricedTokensGetAPrice() {
    assertThat(charges(2, 30).corrected(charges(2, 30), ONE_DOLLAR)).isEqualTo(ONE_DOLLAR);
  }

  @Test
  void amountOfZeroSaysNothing() {
    assertThat(ONE_DOLLAR.sameAs(charges(0, 0, money("EUR", "0"), money("USD", "1"))))
        .isTrue();
    assertThat(ONE_DOLLAR.sameAs(charges(0, 0, money("USD", "1.01")))).isFalse();
    assertThat(ONE_DOLLAR.sameAs(charges(1, 0, money("USD", "1")))).isFalse();
  }

  private static Charges charges(long requests, long tokens, Money... cost) {
    return new Charges(List.of(cost), requests, tokens);
  }

  private static Money money(String currency, String amount) {
    return new Money(currency, Decimal.of(amount));
  }
}
