package io.sirocco.streams.report;

import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.price;
import static io.sirocco.streams.TestUsage.usd;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.InMemoryUsage;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.query.UsageQuestion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UsageReportsTest {
  private static final Instant OCTOBER = Instant.parse("2026-10-31T23:59:59.999Z");
  private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant NOON = Instant.parse("2026-11-16T00:00:00Z");

  private final InMemoryUsage usage = new InMemoryUsage(
      used(0, "ada", "breeze", OCTOBER, usd("1")),
      used(1, "ada", "breeze", NOVEMBER, usd("2")),
      used(2, "bob", "breeze", NOON, usd("5")),
      used(3, "bob", "gale", NOON, null));
  private final UsageReports reports = new UsageReports(usage, () -> Map.of("chat.usage-dlt", 3L));

  @Test
  void monthsAreSumsOfTheirDaysInUtc() {
    UsageReport report =
        reports.usage(all(WindowSize.MONTH), by(Grouping.Part.WINDOW), GroupOrder.TIME, 10);

    assertThat(report.groups())
        .extracting(group -> group.startMillis(), group -> group.totals().cost())
        .containsExactly(
            tuple(Instant.parse("2026-10-01T00:00:00Z").toEpochMilli(), List.of(usd("1"))),
            tuple(NOVEMBER.toEpochMilli(), List.of(usd("7"))));
  }

  @Test
  void dearestComesFirstAndWhatIsLeftOutIsInTheTotal() {
    UsageReport report =
        reports.usage(all(WindowSize.DAY), by(Grouping.Part.USER), GroupOrder.COST, 1);

    assertThat(report.groups()).extracting(UsageGroup::user).containsExactly("bob");
    assertThat(report.leftOut()).isEqualTo(1);
    assertThat(report.total()).isEqualTo(usage.total());
  }

  @Test
  void costsOfOneCurrencyAloneAreCompared() {
    UsageReports mixed = new UsageReports(
        new InMemoryUsage(
            used(0, "ada", "breeze", NOON, eur("2")),
            used(1, "bob", "breeze", NOON, eur("3")),
            used(2, "cem", "breeze", NOON, usd("900"))),
        Map::of);

    assertThat(mixed
            .usage(all(WindowSize.DAY), by(Grouping.Part.USER), GroupOrder.COST, 10)
            .groups())
        .extracting(UsageGroup::user)
        .containsExactly("bob", "ada", "cem");
  }

  @Test
  void groupsLeaveOutWhatTheyAreNotKeptApartBy() {
    assertThat(reports
            .usage(all(WindowSize.HOUR), new Grouping(Set.of()), GroupOrder.TIME, 10)
            .groups())
        .containsExactly(new UsageGroup(null, null, null, null, usage.total()));
  }

  @Test
  void summaryKnowsTodayTheMonthAndWhatHasNoPrice() {
    // A half of November's 30 days has passed.
    SpendSummary summary = reports.summary(NOON.toEpochMilli());

    assertThat(summary.today().requests()).isEqualTo(2);
    assertThat(summary.month().cost()).containsExactly(usd("7"));
    assertThat(summary.forecast()).containsExactly(usd("14"));
    assertThat(summary.unpricedModels()).containsExactly("gale");
    assertThat(summary.deadLetters()).isEqualTo(Map.of("chat.usage-dlt", 3L));
  }

  @Test
  void firstMinuteOfAMonthForecastsNoFortune() {
    assertThat(Forecast.ofMonth(List.of(usd("1")), NOVEMBER.toEpochMilli() + 1))
        .containsExactly(usd("120")); // 30 days by 6 hours
  }

  @Test
  void costsInFilesAddUpToTheLastDigit() {
    UsageReport days = reports.usage(all(WindowSize.DAY), Grouping.FULL, GroupOrder.TIME, 1000);

    assertThat(new String(new UsageFile().write(days), UTF_8).lines())
        .hasSize(5)
        .contains("2026-10-31T00:00:00Z,2026-11-01T00:00:00Z,ada,breeze,1,0,10,4,5,0,1,USD")
        .contains("2026-11-16T00:00:00Z,2026-11-17T00:00:00Z,bob,gale,1,0,10,4,5,15,,");
    assertThat(new String(new FocusFile().write(days, (model, millis) -> null), UTF_8).lines())
        .hasSize(5)
        .anyMatch(line -> line.startsWith(
            "Sirocco,bob,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,2026-11-16T00:00:00Z,"
                + "2026-11-17T00:00:00Z,Usage,"));
  }

  @Test
  void kindsOfTokensHaveLinesOfTheirOwnWhereOnePriceExplainsTheDay() {
    Price price = price("breeze", Instant.EPOCH.plusSeconds(1_500_000_000), "1", "0.1", "10");
    UsageReports reports = new UsageReports(
        new InMemoryUsage(
            used(0, "ada", "breeze", NOON, price.cost(10, 4, 5)),
            used(1, "ada", "breeze", NOON, price.cost(10, 4, 5)),
            used(2, "bob", "breeze", NOON, usd("0.5"))),
        Map::of,
        () -> (model, millis) -> price);
    UsageReport days = reports.usage(all(WindowSize.DAY), Grouping.FULL, GroupOrder.TIME, 10);

    assertThat(new String(new FocusFile().write(days, reports.prices()), UTF_8).lines())
        .hasSize(5)
        .anyMatch(line -> line.contains(",Prompt tokens,12,Tokens,0.000001,0.000012,"))
        .anyMatch(line -> line.contains("Cached prompt tokens,8,Tokens,0.0000001,0.0000008,"))
        .anyMatch(line -> line.contains("Completion tokens,10,Tokens,0.00001,0.0001,"))
        .anyMatch(
            line -> line.startsWith("Sirocco,bob,") && line.contains(",Tokens,15,Tokens,,0.5,"));
  }

  @Test
  void userWhoLooksLikeAFormulaIsNoneInAFile() {
    UsageReports evil =
        new UsageReports(new InMemoryUsage(used(0, "=1,\"+\"", "gale", NOON, usd("1"))), Map::of);
    UsageReport report = evil.usage(all(WindowSize.DAY), Grouping.FULL, GroupOrder.TIME, 10);

    assertThat(new String(new UsageFile().write(report), UTF_8))
        .contains("\"'=1,\"\"+\"\"\",gale,");
  }

  private static Money eur(String amount) {
    return new Money("EUR", Decimal.of(amount));
  }

  private static Grouping by(Grouping.Part part) {
    return new Grouping(Set.of(part));
  }

  private static UsageQuestion all(WindowSize window) {
    return new UsageQuestion(window, 1_000_000_000_000L, 9_999_999_999_999L, null, null);
  }

  private static PricedUsage used(
      long offset, String user, String model, Instant ended, @Nullable Money cost) {
    return new PricedUsage(event(offset, user, model, ended, 10, 4, 5), cost);
  }
}
