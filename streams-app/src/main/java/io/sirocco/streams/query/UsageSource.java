package io.sirocco.streams.query;

import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.reconciliation.Reconciliation;
import java.util.List;

/**
 * What is known about usage: in this process, in another one, or in all of them.
 *
 * <p>All methods throw {@link UsageUnavailableException} while it cannot be said completely.
 *
 * <p>Thread-safe.
 */
public interface UsageSource {
  /**
   * Returns the totals that a question is about, sorted by user, time and model. Those of all users
   * together may come in several parts that are to be added up.
   */
  List<WindowTotals> totals(UsageQuestion question);

  /**
   * Returns how many answers took how long; a key may come more than once, and the user of the
   * question is of no account.
   */
  List<LatencyCount> latency(UsageQuestion question);

  /** Returns the last requests of a user, the last one first. */
  List<PricedUsage> requests(RequestsQuestion question);

  /** Returns how bills stand to what readers saw, in the hours that begin in a time. */
  Reconciliation reconciliation(TimeQuestion question);
}
