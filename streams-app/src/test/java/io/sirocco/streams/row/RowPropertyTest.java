package io.sirocco.streams.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.RandomUsage;
import io.sirocco.streams.TestUsage;
import io.sirocco.streams.latency.LatencyKey;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.reconciliation.Claim;
import io.sirocco.streams.reconciliation.ClaimKey;
import io.sirocco.streams.reconciliation.Claims;
import io.sirocco.streams.reconciliation.HourCounts;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowPropertyTest {
  private static final Instant BEGIN = Instant.parse("2026-11-20T00:00:00Z");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsReadIsWhatWasWritten(long seed) {
    Random random = new Random(seed);
    for (UsageEvent event : RandomUsage.of(BEGIN, 300, random).events()) {
      Money cost = random.nextBoolean() ? null : new Money("USD", decimal(random));
      Claim bill = Claim.of(event);
      Claim receipt = Claim.of(TestUsage.receipt(event));

      same(new PricedUsageRow(), new PricedUsage(event, cost));
      same(new UsageTotalsRow(), totals(random));
      same(
          new ClaimsRow(),
          new Claims(List.of(bill), random.nextBoolean() ? List.of() : List.of(receipt)));
      same(new ClaimKeyRow(), new ClaimKey(event.user(), event.requestId()));
      for (WindowSize window : WindowSize.values()) {
        same(new UsageKeyRow(), UsageKey.of(event, window));
        same(new LatencyKeyRow(), LatencyKey.of(event, window));
      }
      same(
          new HourCountsRow(),
          new HourCounts(
              random.nextLong(), random.nextLong(), -1, 0, 1, Long.MIN_VALUE, Long.MAX_VALUE));
    }
  }

  @Test
  void usersOfAnyNameStayApart() {
    for (String user : List.of("", "a", "\u0000", "a\u0000b", "\"ada\" 世界", "x".repeat(5000))) {
      same(new UsageKeyRow(), key(user, WindowSize.DAY, 0, "m"));
      same(new ClaimKeyRow(), new ClaimKey(user, user));
    }
  }

  @Test
  void windowsOfAUserSortByTimeAndModel() {
    Random random = new Random(7);
    Serde<UsageKey> serde = new UsageKeyRow().serde();
    List<UsageKey> keys = IntStream.range(0, 500)
        .mapToObj(any -> key("ada", WindowSize.HOUR, random.nextInt(9), "m" + random.nextInt(12)))
        .toList();

    List<UsageKey> asBytes = keys.stream()
        .map(key -> serde.serializer().serialize("any", key))
        .sorted(Arrays::compareUnsigned)
        .map(bytes -> serde.deserializer().deserialize("any", bytes))
        .toList();

    assertThat(asBytes)
        .isEqualTo(keys.stream()
            .sorted(Comparator.comparing(UsageKey::startMillis).thenComparing(UsageKey::model))
            .toList());
  }

  @Test
  void rowThatWasCutOffIsAFault() {
    Serde<UsageTotals> serde = new UsageTotalsRow().serde();
    byte[] row = serde.serializer().serialize("totals", totals(new Random(1)));

    for (int length = 0; length < row.length; length++) {
      byte[] cut = Arrays.copyOf(row, length);
      assertThatExceptionOfType(SerializationException.class)
          .isThrownBy(() -> serde.deserializer().deserialize("totals", cut))
          .withMessageContaining("cannot read a row of totals");
    }
  }

  private static <T> void same(Row<T> row, T value) {
    Serde<T> serde = row.serde();
    byte[] bytes = serde.serializer().serialize("any", value);
    assertThat(serde.deserializer().deserialize("any", bytes)).isEqualTo(value);
  }

  private static UsageTotals totals(Random random) {
    return new UsageTotals(
        random.nextLong(),
        random.nextInt(100),
        random.nextLong(),
        random.nextInt(),
        1,
        0,
        -1,
        List.of(new Money("EUR", decimal(random)), new Money("USD", decimal(random))),
        Map.of("server_error", 1L + random.nextInt(300), "other", 7L),
        random.nextInt(3));
  }

  private static Decimal decimal(Random random) {
    return new Decimal(
        new BigDecimal(new BigInteger(random.nextInt(200), random), random.nextInt(30)));
  }

  private static UsageKey key(String user, WindowSize window, int hour, String model) {
    return new UsageKey(user, window, BEGIN.plusSeconds(3600L * hour).toEpochMilli(), model);
  }
}
