package io.sirocco.streams.topology;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.pricing.CostCalculator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Prices each event at the time it ended and adds it to its own windows, however late it comes.
 *
 * <p>A price applies to events that come after it was set. One that is set later, even with an
 * earlier time of effect, changes no total that is there: pricing history again is a deliberate act
 * with its own trace, and no side effect of correcting a list.
 *
 * <p>Confined to one stream thread.
 */
final class UsageTotaliser implements Processor<String, UsageEvent, UsageKey, WindowTotals> {
  private final JsonCodec codec;

  // All set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<UsageKey, WindowTotals> context;

  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<UsageKey, UsageTotals> store;

  @SuppressWarnings("NullAway.Init")
  private CostCalculator costs;

  UsageTotaliser(JsonCodec codec) {
    this.codec = codec;
  }

  @Override
  public void init(ProcessorContext<UsageKey, WindowTotals> context) {
    this.context = context;
    store = context.getStateStore(UsageStores.TOTALS);
    KeyValueStore<String, byte[]> prices = context.getStateStore(UsageStores.PRICES);
    costs = new CostCalculator(new StoredPrices(prices, codec));
  }

  @Override
  public void process(Record<String, UsageEvent> record) {
    UsageEvent event = record.value();
    UsageTotals used = costs.totals(event);
    for (WindowSize window : WindowSize.values()) {
      UsageKey key = UsageKey.of(event, window);
      UsageTotals before = store.get(key);
      UsageTotals totals = before == null ? used : before.plus(used);
      store.put(key, totals);
      context.forward(new Record<>(key, WindowTotals.of(key, totals), record.timestamp()));
    }
  }
}
