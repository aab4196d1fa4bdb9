package io.sirocco.streams;

import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.latency.LatencyKey;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.query.LatencyCount;
import io.sirocco.streams.query.RequestsQuestion;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.query.UsageQuestion;
import io.sirocco.streams.query.UsageSource;
import io.sirocco.streams.reconciliation.Claims;
import io.sirocco.streams.reconciliation.DifferingRequest;
import io.sirocco.streams.reconciliation.Reconciliation;
import io.sirocco.streams.topology.UsageStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What some requests add up to, without Kafka.
 *
 * <p>Immutable.
 */
public record InMemoryUsage(List<PricedUsage> used, Claims claims) implements UsageSource {
  public InMemoryUsage(PricedUsage... used) {
    this(List.of(used), Claims.NONE);
  }

  @Override
  public Reconciliation reconciliation(TimeQuestion question) {
    List<Reconciliation.Row> rows = claims.differences().stream()
        .map(difference -> new Reconciliation.Row(
            new DifferingRequest(
                WindowSize.HOUR.startOf(difference.bill().endedMillis()),
                "ada",
                "r-1",
                difference.bill().id()),
            difference))
        .toList();
    return Reconciliation.of(claims.counts().values(), rows);
  }

  @Override
  public List<WindowTotals> totals(UsageQuestion question) {
    Map<String, WindowTotals> rows = new TreeMap<>();
    for (PricedUsage one : used) {
      UsageKey key = UsageKey.of(one.event(), question.window());
      if (key.startMillis() >= question.fromMillis()
          && key.startMillis() < question.toMillis()
          && (question.user() == null
              || question.user().equals(UsageStores.ALL_USERS)
              || question.user().equals(key.user()))
          && (question.model() == null || question.model().equals(key.model()))) {
        rows.merge(
            key.toString(),
            WindowTotals.of(key, one.totals()),
            (a, b) -> WindowTotals.of(key, a.totals().plus(b.totals())));
      }
    }
    return List.copyOf(rows.values());
  }

  @Override
  public List<LatencyCount> latency(UsageQuestion question) {
    return used.stream()
        .map(one -> new LatencyCount(LatencyKey.of(one.event(), WindowSize.HOUR), 1))
        .toList();
  }

  @Override
  public List<PricedUsage> requests(RequestsQuestion question) {
    List<PricedUsage> last = new ArrayList<>();
    for (PricedUsage one : used) {
      if (one.event().user().equals(question.user()) && last.size() < question.limit()) {
        last.add(0, one);
      }
    }
    return last;
  }

  /** Returns the sum of all. */
  public UsageTotals total() {
    return used.stream().map(PricedUsage::totals).reduce(UsageTotals.ZERO, UsageTotals::plus);
  }
}
