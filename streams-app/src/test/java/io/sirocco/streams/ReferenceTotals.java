package io.sirocco.streams;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What totals must be, added up a second time: names of sums to plain numbers, with nothing of the
 * product's arithmetic.
 */
public final class ReferenceTotals {
  private static final BigDecimal MILLION = new BigDecimal("1000000");

  private ReferenceTotals() {}

  /** Adds up events of which there is one copy each; {@code prices} is keyed by model. */
  public static Map<UsageKey, Map<String, BigDecimal>> of(
      Collection<UsageEvent> events, Map<String, List<Price>> prices) {
    Map<UsageKey, Map<String, BigDecimal>> sums = new HashMap<>();
    for (UsageEvent event : events) {
      for (WindowSize window : WindowSize.KEPT) {
        Map<String, BigDecimal> sum =
            sums.computeIfAbsent(UsageKey.of(event, window), any -> new TreeMap<>());
        add(sum, event, effective(prices.getOrDefault(event.model(), List.of()), event));
      }
    }
    sums.values().forEach(sum -> sum.replaceAll((name, value) -> value.stripTrailingZeros()));
    return sums;
  }

  /** The same form of what the application says. */
  public static Map<UsageKey, Map<String, BigDecimal>> of(Collection<WindowTotals> rows) {
    Map<UsageKey, Map<String, BigDecimal>> sums = new HashMap<>();
    for (WindowTotals row : rows) {
      UsageTotals totals = row.totals();
      Map<String, BigDecimal> sum = new TreeMap<>();
      sum.put("requests", BigDecimal.valueOf(totals.requests()));
      sum.put("failures", BigDecimal.valueOf(totals.failures()));
      sum.put("prompt", BigDecimal.valueOf(totals.promptTokens()));
      sum.put("cached", BigDecimal.valueOf(totals.cachedTokens()));
      sum.put("completion", BigDecimal.valueOf(totals.completionTokens()));
      sum.put("unpriced requests", BigDecimal.valueOf(totals.unpricedRequests()));
      sum.put("unpriced tokens", BigDecimal.valueOf(totals.unpricedTokens()));
      totals
          .cost()
          .forEach(cost -> sum.put(cost.currency(), new BigDecimal(cost.amount().text())));
      totals
          .failuresByReason()
          .forEach((reason, count) -> sum.put("failed: " + reason, BigDecimal.valueOf(count)));
      sum.replaceAll((name, value) -> value.stripTrailingZeros());
      sums.put(new UsageKey(row.user(), row.window(), row.startMillis(), row.model()), sum);
    }
    return sums;
  }

  private static void add(Map<String, BigDecimal> sum, UsageEvent event, @Nullable Price price) {
    int tokens = event.promptTokens() + event.completionTokens();
    add(sum, "requests", 1);
    add(sum, "failures", event.outcome().equals("stop") ? 0 : 1);
    if (!event.outcome().equals("stop")) {
      add(sum, "failed: " + event.outcome(), 1);
    }
    add(sum, "prompt", event.promptTokens());
    add(sum, "cached", event.cachedTokens());
    add(sum, "completion", event.completionTokens());
    add(sum, "unpriced requests", price == null && tokens > 0 ? 1 : 0);
    add(sum, "unpriced tokens", price == null ? tokens : 0);
    if (price != null) {
      BigDecimal cost = cost(event.promptTokens() - event.cachedTokens(), price.promptPerMillion())
          .add(cost(event.cachedTokens(), price.cachedPromptPerMillion()))
          .add(cost(event.completionTokens(), price.completionPerMillion()));
      sum.merge(price.currency(), cost, BigDecimal::add);
    }
  }

  private static void add(Map<String, BigDecimal> sum, String name, int more) {
    sum.merge(name, BigDecimal.valueOf(more), BigDecimal::add);
  }

  private static BigDecimal cost(int tokens, Decimal perMillion) {
    // Ends exactly: a million has no other prime factors than ten has.
    return new BigDecimal(tokens).multiply(new BigDecimal(perMillion.text())).divide(MILLION);
  }

  private static @Nullable Price effective(List<Price> prices, UsageEvent event) {
    Price effective = null;
    for (Price price : prices) {
      boolean begun = price.effectiveFromMillis() <= event.endedMillis();
      boolean later =
          effective == null || price.effectiveFromMillis() > effective.effectiveFromMillis();
      effective = begun && later ? price : effective;
    }
    return effective;
  }
}
