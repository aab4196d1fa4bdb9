package io.sirocco.streams.topology;

import static io.sirocco.contracts.usage.WindowSize.DAY;
import static io.sirocco.contracts.usage.WindowSize.HOUR;
import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.price;
import static io.sirocco.streams.TestUsage.usd;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.usage.PriceList;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.streams.latency.LatencySketch;
import io.sirocco.streams.pricing.PricedUsage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTopologyTest {
  private static final Duration GRACE = Duration.ofDays(2);
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant YEAR = Instant.parse("2026-01-01T00:00:00Z");

  private TopologyFixture topology;

  @BeforeEach
  void start(@TempDir Path folder) {
    topology =
        new TopologyFixture(new UsageMemory(GRACE, Duration.ofDays(5), Duration.ofDays(5)), folder);
    topology.prices(price("breeze", YEAR, "1", "0.1", "10"));
  }

  @AfterEach
  void end() {
    topology.close();
  }

  @Test
  void eventCountsInItsHourAndInItsDay() {
    topology.use(event(0, "ada", "breeze", NOON.plusSeconds(60), 100, 40, 7));

    UsageTotals expected =
        new UsageTotals(1, 0, 100, 40, 7, 0, 0, List.of(usd("0.000134")), Map.of()); // 60 + 4 + 70
    assertThat(topology.totals()).hasSize(2);
    assertThat(topology.totals("ada", "breeze", HOUR, NOON)).isEqualTo(expected);
    assertThat(topology.totals("ada", "breeze", DAY, NOON)).isEqualTo(expected);
  }

  @Test
  void usersModelsAndHoursStayApart() {
    topology.prices(price("gale", YEAR, "1", "1", "1"));
    topology.use(event(0, "ada", "breeze", NOON, 1, 0, 1));
    topology.use(event(1, "bob", "breeze", NOON, 1, 0, 1));
    topology.use(event(2, "ada", "gale", NOON, 1, 0, 1));
    topology.use(event(3, "ada", "breeze", NOON.plus(Duration.ofHours(1)), 1, 0, 1));

    assertThat(topology.totals()).hasSize(4 + 3);
    assertThat(topology.totals("ada", "breeze", HOUR, NOON).requests()).isEqualTo(1);
    assertThat(topology.totals("ada", "breeze", DAY, NOON).requests()).isEqualTo(2);
    assertThat(topology.totals("bob", "breeze", DAY, NOON).requests()).isEqualTo(1);
    assertThat(topology.totals("ada", "gale", DAY, NOON).requests()).isEqualTo(1);
  }

  @Test
  void copyOfAnEventIsCountedOnce() {
    UsageEvent event = event(0, "ada", "breeze", NOON, 100, 0, 0);
    topology.use(event);
    topology.use(event);
    topology.useAt(NOON.plus(Duration.ofDays(1)), event);

    assertThat(topology.totals("ada", "breeze", DAY, NOON).requests()).isEqualTo(1);
    assertThat(topology.deadLetters()).isEmpty();
  }

  @Test
  void secondAttemptAtARecordIsACopyWhateverItSays() {
    topology.use(event(0, "ada", "breeze", NOON, 100, 0, 1));
    topology.use(event(0, "ada", "breeze", NOON.plusSeconds(3600), 100, 0, 99));

    assertThat(topology.totals()).hasSize(2);
    assertThat(topology.totals("ada", "breeze", DAY, NOON).completionTokens()).isEqualTo(1);
  }

  @Test
  void reusedRequestIdHidesNoRecord() {
    topology.use(event(0, "ada", "breeze", NOON, 100, 0, 1));
    topology.use(event(1, "ada", "breeze", NOON, 100, 0, 1));

    assertThat(topology.totals("ada", "breeze", DAY, NOON).requests()).isEqualTo(2);
  }

  @Test
  void lateEventCountsInItsOwnWindow() {
    topology.use(event(0, "ada", "breeze", NOON.plus(GRACE), 1, 0, 0));
    topology.useAt(NOON.plus(GRACE), event(1, "ada", "breeze", NOON, 5, 0, 0));

    assertThat(topology.totals("ada", "breeze", HOUR, NOON).promptTokens()).isEqualTo(5);
    assertThat(topology.totals("ada", "breeze", HOUR, NOON.plus(GRACE)).promptTokens())
        .isEqualTo(1);
    assertThat(topology.deadLetters()).isEmpty();
  }

  @Test
  void copyOfALateEventIsCountedOnce() {
    UsageEvent late = event(1, "ada", "breeze", NOON, 5, 0, 0);
    topology.use(event(0, "ada", "breeze", NOON.plus(GRACE), 1, 0, 0));
    topology.useAt(NOON.plus(GRACE), late);
    topology.useAt(NOON.plus(GRACE), late);

    assertThat(topology.totals("ada", "breeze", HOUR, NOON).requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 59, 60, 61, 119, 120})
  void copyIsKnownAnywhereWithinTheMemory(int hours) {
    UsageEvent event = event(0, "ada", "breeze", NOON.plus(Duration.ofDays(4)), 5, 0, 0);
    topology.useAt(NOON, event);
    topology.useAt(NOON.plus(Duration.ofHours(hours)), event);

    assertThat(topology
            .totals("ada", "breeze", HOUR, NOON.plus(Duration.ofDays(4)))
            .requests())
        .isEqualTo(1);
    assertThat(topology.deadLetters()).isEmpty();
  }

  @Test
  void eventBeyondTheGraceIsSetAsideUntouchedAndSaysWhy() {
    topology.use(event(0, "ada", "breeze", NOON.plus(GRACE), 1, 0, 0));
    UsageEvent tooLate = event(1, "ada", "breeze", NOON.minusMillis(1), 5, 0, 0);
    topology.useAt(NOON, tooLate);

    assertThat(topology.totals()).hasSize(2);
    assertThat(topology.deadLetters()).singleElement().satisfies(letter -> {
      assertThat(letter.key()).asString(UTF_8).isEqualTo("ada");
      assertThat(letter.value()).isEqualTo(new JsonCodec().writeBytes(tooLate));
      assertThat(header(letter, Headers.DLT_ORIGINAL_TOPIC)).isEqualTo("chat.usage");
      assertThat(header(letter, Headers.DLT_EXCEPTION_MESSAGE))
          .isEqualTo("expected an event that ended at most PT48H before 2026-11-23T12:00:00Z,"
              + " found one of 2026-11-21T11:59:59.999Z");
    });
  }

  @Test
  void eventAheadOfItsTimeMakesNoOtherOneLate() {
    topology.useAt(NOON, event(0, "ada", "breeze", NOON.plus(Duration.ofDays(9999)), 1, 0, 0));
    topology.use(event(1, "ada", "breeze", NOON, 5, 0, 0));
    topology.use(event(1, "ada", "breeze", NOON, 5, 0, 0));

    assertThat(topology.totals("ada", "breeze", HOUR, NOON).requests()).isEqualTo(1);
    assertThat(topology.deadLetters()).isEmpty();
  }

  @Test
  void priceChangeInsideAWindowCountsFromItsMillisecond() {
    Instant change = NOON.plusSeconds(1800);
    topology.prices(
        price("breeze", YEAR, "1", "0.1", "10"), price("breeze", change, "2", "0.2", "20"));
    topology.use(event(0, "ada", "breeze", change.minusMillis(1), 1_000_000, 0, 0));
    topology.use(event(1, "ada", "breeze", change, 1_000_000, 0, 0));
    // Comes after the change and happened before it.
    topology.useAt(change.plusSeconds(9), event(2, "ada", "breeze", NOON, 500_000, 0, 0));

    assertThat(topology.totals("ada", "breeze", HOUR, NOON).cost()).containsExactly(usd("3.5"));
  }

  @Test
  void changeOfCurrencyInsideAWindowKeepsBothAmounts() {
    Instant change = NOON.plusSeconds(1800);
    topology.prices(
        price("breeze", YEAR, "1", "1", "1"), price("breeze", change, "3", "3", "3", "EUR"));
    topology.use(event(0, "ada", "breeze", NOON, 1_000_000, 0, 0));
    topology.use(event(1, "ada", "breeze", change, 1_000_000, 0, 0));

    assertThat(topology.totals("ada", "breeze", HOUR, NOON).cost())
        .extracting(Object::toString)
        .containsExactly("Money[currency=EUR, amount=3]", "Money[currency=USD, amount=1]");
  }

  @Test
  void unknownModelIsUnpricedAndNeverZero() {
    topology.use(event(0, "ada", "gale", NOON, 10, 4, 5));

    assertThat(topology.totals("ada", "gale", DAY, NOON))
        .isEqualTo(new UsageTotals(1, 0, 10, 4, 5, 1, 15, List.of(), Map.of()));
  }

  @Test
  void timeBeforeTheFirstPriceIsUnpriced() {
    topology.prices(price("gale", NOON.plusSeconds(1), "1", "1", "1"));
    topology.use(event(0, "ada", "gale", NOON, 10, 0, 5));
    topology.use(event(1, "ada", "gale", NOON.plusSeconds(1), 10, 0, 5));

    assertThat(topology.totals("ada", "gale", HOUR, NOON))
        .isEqualTo(new UsageTotals(2, 0, 20, 0, 10, 1, 15, List.of(usd("0.000015")), Map.of()));
  }

  @Test
  void priceThatComesLaterLeavesWhatWasUnpricedUnpriced() {
    topology.use(event(0, "ada", "gale", NOON, 10, 0, 5));
    topology.prices(price("gale", YEAR, "1", "1", "1"));
    topology.use(event(1, "ada", "gale", NOON, 10, 0, 5));

    assertThat(topology.totals("ada", "gale", HOUR, NOON))
        .isEqualTo(new UsageTotals(2, 0, 20, 0, 10, 1, 15, List.of(usd("0.000015")), Map.of()));
  }

  @Test
  void withdrawnPricesPriceNothingMore() {
    topology.rawPrices("breeze", null);
    topology.use(event(0, "ada", "breeze", NOON, 10, 0, 5));

    assertThat(topology.totals("ada", "breeze", HOUR, NOON).unpricedTokens()).isEqualTo(15);
  }

  @Test
  void priceListThatCannotBeReadPricesNothingAndStopsNobody() {
    topology.rawPrices("gale", "{\"prices\": \"cheap\"}".getBytes(UTF_8));
    topology.rawPrices(
        "squall", new JsonCodec().writeBytes(PriceList.of(price("breeze", YEAR, "9", "9", "9"))));
    topology.use(event(0, "ada", "gale", NOON, 10, 0, 5));
    topology.use(event(1, "ada", "squall", NOON, 10, 0, 5));
    topology.use(event(2, "ada", "breeze", NOON, 10, 0, 0));

    assertThat(topology.totals("ada", "gale", HOUR, NOON).unpricedRequests()).isEqualTo(1);
    assertThat(topology.totals("ada", "squall", HOUR, NOON).unpricedRequests()).isEqualTo(1);
    assertThat(topology.totals("ada", "breeze", HOUR, NOON).cost()).containsExactly(usd("0.00001"));
  }

  @Test
  void failedRequestIsCountedAndItsTokensAreBilled() {
    topology.use(event(0, "ada", "breeze", NOON, 10, 0, 5, "server_error"));

    assertThat(topology.totals("ada", "breeze", HOUR, NOON))
        .isEqualTo(new UsageTotals(
            1, 1, 10, 0, 5, 0, 0, List.of(usd("0.00006")), Map.of("server_error", 1L)));
  }

  @Test
  void answersAreCountedByHowLongTheyTookAndFailedOnesAreNot() {
    topology.use(event(0, "ada", "breeze", NOON, 1, 0, 1));
    topology.use(event(0, "ada", "breeze", NOON, 1, 0, 1)); // a copy
    topology.use(event(1, "bob", "breeze", NOON.plusSeconds(1), 1, 0, 1));
    topology.use(event(2, "ada", "breeze", NOON.plus(Duration.ofHours(1)), 1, 0, 1));
    topology.use(event(3, "ada", "breeze", NOON, 1, 0, 0, "server_error"));
    topology.use(event(4, "ada", "gale", NOON, 1, 0, 1));

    int twoSeconds = LatencySketch.bucketOf(2000); // as long as all test events take
    assertThat(topology.latency("breeze", HOUR, NOON)).isEqualTo(Map.of(twoSeconds, 2L));
    assertThat(topology.latency("breeze", DAY, NOON)).isEqualTo(Map.of(twoSeconds, 3L));
  }

  @Test
  void requestsOfAUserAreKeptWithTheirCostUntilTheyAreTooOld() {
    UsageEvent first = event(0, "ada", "breeze", NOON, 1_000_000, 0, 0);
    UsageEvent second = event(1, "ada", "gale", NOON, 1, 0, 1);
    topology.use(first);
    topology.use(first);
    topology.use(second);
    topology.use(event(2, "bob", "breeze", NOON, 1, 0, 1));

    assertThat(topology.requests("ada", NOON.minusSeconds(1), NOON.plusSeconds(1)))
        .containsExactly(new PricedUsage(first, usd("1")), new PricedUsage(second, null));
    assertThat(topology.counted()).isEqualTo(3);

    topology.use(event(3, "ada", "gale", NOON.plus(Duration.ofDays(11)), 1, 0, 1));
    assertThat(topology.requests("ada", NOON.minusSeconds(1), NOON.plusSeconds(1)))
        .isEmpty();
  }

  @Test
  void whatIsNoUsageEventIsSetAside() {
    byte[] good = new JsonCodec().writeBytes(event(0, "ada", "breeze", NOON, 1, 0, 1));
    topology.raw(NOON, "ada".getBytes(UTF_8), "{".getBytes(UTF_8));
    topology.raw(NOON, "ada".getBytes(UTF_8), "{\"user\":1}".getBytes(UTF_8));
    topology.raw(NOON, "ada".getBytes(UTF_8), null);
    topology.raw(NOON, null, good);
    topology.raw(NOON, "bob".getBytes(UTF_8), good);

    assertThat(topology.totals()).isEmpty();
    assertThat(topology.deadLetters())
        .extracting(letter -> header(letter, Headers.DLT_EXCEPTION_MESSAGE))
        .containsExactly(
            "expected JSON: the text ends too early",
            "user: expected a string, found a whole number",
            "expected a usage event, found no value",
            "expected the event's user as key, found another",
            "expected the event's user as key, found another");
  }

  @Test
  void userMayBeCalledAnything() {
    String user = "\"ada\",\"window\":\"day\" <b>&\u0000 世界";
    topology.use(event(0, user, "breeze", NOON, 1, 0, 1));

    assertThat(topology.totals())
        .containsKey(new UsageKey(user, HOUR, NOON.toEpochMilli(), "breeze"));
  }

  private static @Nullable String header(TestRecord<?, ?> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }
}
