package io.sirocco.streams.report;

import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import java.time.Instant;
import java.util.List;

/**
 * Days of usage under the names of FOCUS: a line for each day, user, model and currency.
 *
 * <p>Totals know what tokens cost together, not by kind; so tokens of all kinds are one line, and the
 * kinds stand in columns of our own, which begin with {@code x_}. Where a day has two currencies,
 * its tokens are in the line of the first.
 *
 * <p>Source: FinOps Open Cost and Usage Specification 1.2.
 *
 * <p>Immutable.
 */
public final class FocusFile {
  private static final String PROVIDER = "Sirocco";
  private static final String CATEGORY = "AI and Machine Learning";
  private static final String TOKENS = "Tokens";

  /** Returns the file, in UTF-8, of a report whose groups are days of a user and a model. */
  public byte[] write(UsageReport report) {
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
        "ConsumedQuantity",
        "ConsumedUnit",
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
      List<Money> costs = day.totals().cost();
      for (int i = 0; i < Math.max(1, costs.size()); i++) {
        write(
            table,
            day,
            i == 0 ? day.totals() : UsageTotals.ZERO,
            costs.isEmpty() ? "" : costs.get(i).amount().text(),
            costs.isEmpty() ? "" : costs.get(i).currency());
      }
    }
    return table.bytes();
  }

  private static void write(
      CsvTable table, UsageGroup day, UsageTotals counts, String cost, String currency) {
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
        Long.toString(counts.promptTokens() + counts.completionTokens()),
        TOKENS,
        cost,
        cost,
        cost,
        cost,
        currency,
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
