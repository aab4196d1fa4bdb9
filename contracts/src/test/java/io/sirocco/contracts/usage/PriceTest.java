package io.sirocco.contracts.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PriceTest {
  private static final long JANUARY = 1_735_689_600_000L;

  @Test
  void cachedTokensArePartOfThePromptAndHaveTheirOwnPrice() {
    // 93 x 0.25 + 1024 x 0.025 + 46 x 1.5 = 117.85 millionths
    assertThat(price("0.25", "0.025", "1.5").cost(1117, 1024, 46)).isEqualTo(usd("0.00011785"));
  }

  @Test
  void smallestPriceOfOneTokenKeepsItsLastDigit() {
    assertThat(price("0.000000000001", "0", "0").cost(1, 0, 0))
        .isEqualTo(usd("0.000000000000000001"));
  }

  @Test
  void priceOfNothingCostsNothing() {
    assertThat(price("0", "0", "0").cost(1_000_000, 10, 5)).isEqualTo(usd("0"));
  }

  private static Price price(String prompt, String cached, String completion) {
    return new Price(
        "m", Decimal.of(prompt), Decimal.of(cached), Decimal.of(completion), "USD", JANUARY);
  }

  private static Money usd(String amount) {
    return new Money("USD", Decimal.of(amount));
  }
}
