package io.sirocco.streams.report;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.pricing.PriceBook;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.query.RequestsQuestion;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.query.UsageQuestion;
import io.sirocco.streams.query.UsageSource;
import io.sirocco.streams.reconciliation.Reconciliation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Makes reports of what a source knows.
 *
 * <p>Thread-safe.
 */
public final class UsageReports {
  private final UsageSource source;
  private final Supplier<Map<String, Long>> deadLetters;
  private final Supplier<PriceBook> prices;

  /**
   * Makes reports without prices.
   *
   * @param source what is known
   * @param deadLetters how many records each dead-letter topic has
   */
  public UsageReports(UsageSource source, Supplier<Map<String, Long>> deadLetters) {
    this(source, deadLetters, () -> (model, epochMillis) -> null);
  }

  /**
   * Makes reports.
   *
   * @param source what is known
   * @param deadLetters how many records each dead-letter topic has
   * @param prices what models cost now and did before
   */
  public UsageReports(
      UsageSource source, Supplier<Map<String, Long>> deadLetters, Supplier<PriceBook> prices) {
    this.prices = requireNonNull(prices, "prices");
    this.source = requireNonNull(source, "source");
    this.deadLetters = requireNonNull(deadLetters, "deadLetters");
  }

  /**
   * Returns the totals of windows that begin in a time, months included, added up by group.
   *
   * @param limit how many groups at most
   */
  public UsageReport usage(UsageQuestion question, Grouping grouping, GroupOrder order, int limit) {
    Map<UsageGroup, UsageTotals> sums = new LinkedHashMap<>();
    UsageTotals total = UsageTotals.ZERO;
    boolean byUser = grouping.parts().contains(Grouping.Part.USER);
    for (WindowTotals row : rows(byUser ? question : question.together())) {
      sums.merge(grouping.of(row), row.totals(), UsageTotals::plus);
      total = total.plus(row.totals());
    }
    List<UsageGroup> groups = new ArrayList<>();
    sums.forEach((group, totals) -> groups.add(group.with(totals)));
    groups.sort(order.comparator(total));
    int shown = Math.min(limit, groups.size());
    return new UsageReport(total, List.copyOf(groups.subList(0, shown)), groups.size() - shown);
  }

  /** Returns the rows of a question; a month is the sum of those of its days that are asked for. */
  List<WindowTotals> rows(UsageQuestion question) {
    if (question.window() != WindowSize.MONTH) {
      return source.totals(question);
    }
    Map<UsageKey, UsageTotals> months = new LinkedHashMap<>();
    for (WindowTotals day : source.totals(question.in(WindowSize.DAY))) {
      long start = WindowSize.MONTH.startOf(day.startMillis());
      months.merge(
          new UsageKey(day.user(), WindowSize.MONTH, start, day.model()),
          day.totals(),
          UsageTotals::plus);
    }
    List<WindowTotals> rows = new ArrayList<>();
    months.forEach((key, totals) -> rows.add(WindowTotals.of(key, totals)));
    return rows;
  }

  /** Returns how long answers of each model took, in the windows that begin in a time. */
  public List<LatencyReport> latency(UsageQuestion question) {
    UsageQuestion kept =
        question.window() == WindowSize.MONTH ? question.in(WindowSize.DAY) : question;
    return LatencyReport.of(source.latency(kept));
  }

  /** Returns the last requests of a user, the last one first. */
  public List<PricedUsage> requests(RequestsQuestion question) {
    return source.requests(question);
  }

  /** Returns what models cost, for one thread. */
  public PriceBook prices() {
    return prices.get();
  }

  /** Returns how bills stand to what readers saw, in the hours that begin in a time. */
  public Reconciliation reconciliation(TimeQuestion question) {
    return source.reconciliation(question);
  }

  /** Returns where spend stands at a time, in milliseconds since the epoch. */
  public SpendSummary summary(long nowMillis) {
    long midnight = WindowSize.DAY.startOf(nowMillis);
    long begin = WindowSize.MONTH.startOf(nowMillis);
    UsageTotals today = UsageTotals.ZERO;
    UsageTotals month = UsageTotals.ZERO;
    TreeSet<String> unpriced = new TreeSet<>();
    for (WindowTotals day : source.totals(
        new UsageQuestion(WindowSize.DAY, begin, WindowSize.MONTH.endOf(begin), null, null)
            .together())) {
      month = month.plus(day.totals());
      if (day.startMillis() == midnight) {
        today = today.plus(day.totals());
      }
      if (day.totals().unpricedTokens() > 0) {
        unpriced.add(day.model());
      }
    }
    return new SpendSummary(
        nowMillis,
        today,
        month,
        Forecast.ofMonth(month.cost(), nowMillis),
        List.copyOf(unpriced),
        deadLetters.get());
  }
}
