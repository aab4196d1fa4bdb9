package io.sirocco.streams.report;

import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageTotals;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A report as CSV: a line for each group and currency. The counts of a group stand in its first line
 * alone, so that a column can be added up.
 *
 * <p>Immutable.
 */
public final class UsageFile {
  /** Returns the file, in UTF-8. */
  public byte[] write(UsageReport report) {
    CsvTable table = new CsvTable(
        "start",
        "end",
        "user",
        "model",
        "requests",
        "failures",
        "prompt_tokens",
        "cached_tokens",
        "completion_tokens",
        "unpriced_tokens",
        "cost",
        "currency");
    for (UsageGroup group : report.groups()) {
      List<Money> costs = group.totals().cost();
      for (int i = 0; i < Math.max(1, costs.size()); i++) {
        write(
            table,
            group,
            i == 0 ? group.totals() : UsageTotals.ZERO,
            costs.isEmpty() ? null : costs.get(i));
      }
    }
    return table.bytes();
  }

  private static void write(
      CsvTable table, UsageGroup group, UsageTotals counts, @Nullable Money cost) {
    table.row(
        time(group.startMillis()),
        time(group.endMillis()),
        CsvTable.safe(text(group.user())),
        CsvTable.safe(text(group.model())),
        Long.toString(counts.requests()),
        Long.toString(counts.failures()),
        Long.toString(counts.promptTokens()),
        Long.toString(counts.cachedTokens()),
        Long.toString(counts.completionTokens()),
        Long.toString(counts.unpricedTokens()),
        cost == null ? "" : cost.amount().text(),
        cost == null ? "" : cost.currency());
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String time(@Nullable Long millis) {
    return millis == null ? "" : Instant.ofEpochMilli(millis).toString();
  }
}
