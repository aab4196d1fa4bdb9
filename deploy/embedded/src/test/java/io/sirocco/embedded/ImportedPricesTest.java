package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Price;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportedPricesTest {
  private static final List<Price> FILE = List.of(price("mistral/small"), price("gale"));

  @Test
  void everythingIsWantedUnlessNamed() {
    assertThat(new ImportedPrices(List.of()).of(FILE)).isEqualTo(FILE);
  }

  @Test
  void modelMayBeServedUnderAnotherName() {
    assertThat(new ImportedPrices(List.of("mistral/small=breeze", "gale")).of(FILE))
        .containsExactly(price("breeze"), price("gale"));
  }

  @Test
  void modelWithoutAPriceIsAMistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImportedPrices(List.of("squall=breeze")).of(FILE))
        .withMessage("expected a price of squall, found none");
  }

  private static Price price(String model) {
    return new Price(
        model, Decimal.of("1"), Decimal.of("0.1"), Decimal.of("2"), "USD", 1_754_000_000_000L);
  }
}
