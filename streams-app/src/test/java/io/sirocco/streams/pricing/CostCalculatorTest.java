package io.sirocco.streams.pricing;

import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.price;
import static io.sirocco.streams.TestUsage.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.usage.PriceList;
import io.sirocco.contracts.usage.UsageTotals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostCalculatorTest {
  private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");

  private final CostCalculator costs = new CostCalculator(
      PriceBook.of(List.of(PriceList.of(price("breeze", JANUARY, "0.25", "0.025", "1.5"))
          .with(price("breeze", JUNE, "0.20", "0.02", "1.2")))));

  @Test
  void cachedTokensArePartOfThePromptAndHaveTheirOwnPrice() {
    // 93 x 0.25 + 1024 x 0.025 + 46 x 1.5 = 117.85 millionths
    assertThat(costs.cost(event(0, "u", "breeze", JANUARY, 1117, 1024, 46)))
        .isEqualTo(usd("0.00011785"));
  }

  @Test
  void priceIsThatOfTheMomentTheAnswerEnded() {
    assertThat(costs.cost(event(0, "u", "breeze", JUNE.minusMillis(1), 1_000_000, 0, 0)))
        .isEqualTo(usd("0.25"));
    assertThat(costs.cost(event(0, "u", "breeze", JUNE, 1_000_000, 0, 0))).isEqualTo(usd("0.2"));
  }

  @Test
  void unknownModelHasNoCostRatherThanZero() {
    assertThat(costs.cost(event(0, "u", "gale", JUNE, 1, 0, 1))).isNull();
    assertThat(costs.price(event(0, "u", "gale", JUNE, 1, 0, 1)).totals())
        .isEqualTo(new UsageTotals(1, 0, 1, 0, 1, 1, 2, List.of(), Map.of()));
  }

  @Test
  void timeBeforeTheFirstPriceIsUnpriced() {
    assertThat(costs.cost(event(0, "u", "breeze", JANUARY.minusMillis(1), 1, 0, 1)))
        .isNull();
  }
}
