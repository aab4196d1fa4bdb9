package io.sirocco.streams.report;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.pricing.PriceBook;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Days of usage under the names of FOCUS: a line for each day, user, model and kind of token.
 *
 * <p>Totals know what tokens cost together, not by kind. Where one price explains the cost of a day to
 * the last digit, each kind has a line with its own cost. Where none does, as the price changed on that
 * day, or a part of it has none, tokens of all kinds are one line for each currency, and the first has
 * the tokens. Lines add up to the bill either way. Columns of our own begin with {@code x_}, and stand
 * in the first line of a day, user and model alone.
 *
 * <p>Source: FinOps Open Cost and Usage Specification 1.2.
 *
 * <p>Immutable.
 */
public final class FocusFile {
  private static final String PROVIDER = "Sirocco";
  private static final String CATEGORY = "AI and Machine Learning";
  private static final String TOKENS = "Tokens";
  private static final int PER_MILLION = 6;

  /**
   * Returns the file, in UTF-8, of a report whose groups are days of a user and a model.
   *
   * @param prices what models cost
   */
  public byte[] write(UsageReport report, PriceBook prices) {
    CsvTable table = new CsvTable(
        "BillingAccountId",
        "SubAccountId",
        "BillingPeriodStart",
        "BillingPeriodEnd",
        "ChargePeriodStart",
        "ChargePeriodEnd",
        "ChargeCategory",
        "ChargeClass",
        "ProviderName",
        "ServiceName",
        "ServiceCategory",
        "SkuId",
        "SkuMeter",
        "ConsumedQuantity",
        "ConsumedUnit",
        "ListUnitPrice",
        "ListCost",
        "ContractedCost",
        "EffectiveCost",
        "BilledCost",
        "BillingCurrency",
        "x_Requests",
        "x_FailedRequests",
        "x_PromptTokens",
        "x_CachedTokens",
        "x_CompletionTokens",
        "x_UnpricedTokens");
    for (UsageGroup day : report.groups()) {
      Price price = explaining(day, prices);
      List<Line> lines = price == null ? together(day) : byKind(day, price);
      for (int i = 0; i < lines.size(); i++) {
        write(table, day, lines.get(i), i == 0 ? day.totals() : UsageTotals.ZERO);
      }
    }
    return table.bytes();
  }

  /** What a line is about; texts that are not known are empty. */
  private record Line(String meter, long tokens, String unitPrice, String cost, String currency) {}

  /** The price that makes of the day's tokens just the day's cost, or null. */
  private static @Nullable Price explaining(UsageGroup day, PriceBook prices) {
    UsageTotals totals = day.totals();
    if (day.model() == null || day.startMillis() == null || totals.unpricedTokens() > 0) {
      return null;
    }
    Price price = prices.effectiveAt(day.model(), day.startMillis());
    return price != null
            && totals
                .cost()
                .equals(List.of(price.cost(
                    totals.promptTokens(), totals.cachedTokens(), totals.completionTokens())))
        ? price
        : null;
  }

  private static List<Line> byKind(UsageGroup day, Price price) {
    UsageTotals totals = day.totals();
    List<Line> lines = List.of(
        line(
            "Prompt",
            totals.promptTokens() - totals.cachedTokens(),
            price.promptPerMillion(),
            price),
        line("Cached prompt", totals.cachedTokens(), price.cachedPromptPerMillion(), price),
        line("Completion", totals.completionTokens(), price.completionPerMillion(), price));
    List<Line> used = lines.stream().filter(line -> line.tokens > 0).toList();
    return used.isEmpty() ? lines.subList(0, 1) : used;
  }

  private static Line line(String kind, long tokens, Decimal perMillion, Price price) {
    BigDecimal unit = perMillion.value().movePointLeft(PER_MILLION);
    return new Line(
        kind + " tokens",
        tokens,
        new Decimal(unit).text(),
        new Decimal(unit.multiply(BigDecimal.valueOf(tokens))).text(),
        price.currency());
  }

  private static List<Line> together(UsageGroup day) {
    List<Money> costs = day.totals().cost();
    long tokens = day.totals().promptTokens() + day.totals().completionTokens();
    if (costs.isEmpty()) {
      return List.of(new Line(TOKENS, tokens, "", "", ""));
    }
    List<Line> lines = new ArrayList<>();
    for (Money cost : costs) {
      long shown = lines.isEmpty() ? tokens : 0;
      lines.add(new Line(TOKENS, shown, "", cost.amount().text(), cost.currency()));
    }
    return lines;
  }

  private static void write(CsvTable table, UsageGroup day, Line line, UsageTotals counts) {
    if (day.user() == null || day.model() == null || day.startMillis() == null) {
      throw new IllegalArgumentException("expected days of a user and a model");
    }
    long start = day.startMillis();
    long month = WindowSize.MONTH.startOf(start);
    table.row(
        PROVIDER,
        CsvTable.safe(day.user()),
        time(month),
        time(WindowSize.MONTH.endOf(month)),
        time(start),
        time(WindowSize.DAY.endOf(start)),
        "Usage",
        "",
        PROVIDER,
        "Chat completions",
        CATEGORY,
        CsvTable.safe(day.model()),
        line.meter,
        Long.toString(line.tokens),
        TOKENS,
        line.unitPrice,
        line.cost,
        line.cost,
        line.cost,
        line.cost,
        line.currency,
        Long.toString(counts.requests()),
        Long.toString(counts.failures()),
        Long.toString(counts.promptTokens()),
        Long.toString(counts.cachedTokens()),
        Long.toString(counts.completionTokens()),
        Long.toString(counts.unpricedTokens()));
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
