package io.sirocco.streams.topology;

import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The totals of users, and beside them those of all users together, which stand under {@link
 * UsageStores#ALL_USERS}: so that what all used can be said without a look at everybody.
 *
 * <p>Confined to one stream thread.
 */
final class TotalsStore {
  private final KeyValueStore<UsageKey, UsageTotals> store;

  TotalsStore(KeyValueStore<UsageKey, UsageTotals> store) {
    this.store = store;
  }

  UsageTotals get(UsageKey key) {
    UsageTotals totals = store.get(key);
    return totals == null ? UsageTotals.ZERO : totals;
  }

  /** Changes the totals of a user, and those of all; returns the user's. */
  UsageTotals change(UsageKey key, UnaryOperator<UsageTotals> change) {
    UsageKey all =
        new UsageKey(UsageStores.ALL_USERS, key.window(), key.startMillis(), key.model());
    store.put(all, change.apply(get(all)));
    UsageTotals totals = change.apply(get(key));
    store.put(key, totals);
    return totals;
  }
}
