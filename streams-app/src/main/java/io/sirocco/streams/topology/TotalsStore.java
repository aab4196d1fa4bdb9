package io.sirocco.streams.topology;

import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The totals of users, and beside them those of all users together, under {@link
 * UsageStores#ALL_USERS}: so that what all used can be said without a look at everybody.
 *
 * <p>Confined to one stream thread.
 */
final class TotalsStore {
  private final KeyValueStore<UsageKey, UsageTotals> users;
  private final KeyValueStore<UsageKey, UsageTotals> together;

  TotalsStore(ProcessorContext<?, ?> context) {
    users = context.getStateStore(UsageStores.TOTALS);
    together = context.getStateStore(UsageStores.TOGETHER);
  }

  /** Returns the totals of a user. */
  UsageTotals get(UsageKey key) {
    return get(users, key);
  }

  /** Changes the totals of a user, and those of all; returns the user's. */
  UsageTotals change(UsageKey key, UnaryOperator<UsageTotals> change) {
    UsageKey all =
        new UsageKey(UsageStores.ALL_USERS, key.window(), key.startMillis(), key.model());
    change(together, all, change);
    return change(users, key, change);
  }

  private static UsageTotals change(
      KeyValueStore<UsageKey, UsageTotals> store, UsageKey key, UnaryOperator<UsageTotals> change) {
    UsageTotals totals = change.apply(get(store, key));
    store.put(key, totals);
    return totals;
  }

  private static UsageTotals get(KeyValueStore<UsageKey, UsageTotals> store, UsageKey key) {
    UsageTotals totals = store.get(key);
    return totals == null ? UsageTotals.ZERO : totals;
  }
}
