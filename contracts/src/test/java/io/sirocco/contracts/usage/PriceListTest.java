package io.sirocco.contracts.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PriceListTest {
  private static final long JANUARY = 1_735_689_600_000L;
  private static final long AUGUST = 1_754_006_400_000L;

  @Test
  void priceAppliesFromItsFirstMillisecondUntilTheNext() {
    PriceList list = PriceList.of(price("2", AUGUST)).with(price("1", JANUARY));

    assertThat(list.effectiveAt(JANUARY - 1)).isNull();
    assertThat(list.effectiveAt(JANUARY)).isEqualTo(price("1", JANUARY));
    assertThat(list.effectiveAt(AUGUST - 1)).isEqualTo(price("1", JANUARY));
    assertThat(list.effectiveAt(AUGUST)).isEqualTo(price("2", AUGUST));
    assertThat(list.effectiveAt(AUGUST + 1)).isEqualTo(price("2", AUGUST));
  }

  @Test
  void pricesAreSortedByTheirTimeOfEffect() {
    assertThat(new PriceList(List.of(price("2", AUGUST), price("1", JANUARY))))
        .isEqualTo(new PriceList(List.of(price("1", JANUARY), price("2", AUGUST))));
  }

  @Test
  void laterWordOnTheSameTimeCounts() {
    PriceList corrected =
        PriceList.of(price("1", JANUARY)).with(price("2", AUGUST)).with(price("3", JANUARY));

    assertThat(corrected.prices()).containsExactly(price("3", JANUARY), price("2", AUGUST));
  }

  private static Price price(String each, long from) {
    Decimal decimal = Decimal.of(each);
    return new Price("m", decimal, decimal, decimal, "USD", from);
  }
}
