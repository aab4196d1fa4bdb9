package io.sirocco.streams.topology;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.streams.pricing.CostCalculator;
import io.sirocco.streams.pricing.PricedUsage;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Prices each event at the time it ended.
 *
 * <p>A price applies to events that come after it was set. One that is set later, even with an
 * earlier time of effect, changes no total that is there: pricing history again is a deliberate act
 * with its own trace, and no side effect of correcting a list.
 *
 * <p>Confined to one stream thread.
 */
final class UsagePricer implements Processor<String, UsageEvent, String, PricedUsage> {
  private final JsonCodec codec;
  private final Runnable onCounted;

  // Both set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<String, PricedUsage> context;

  @SuppressWarnings("NullAway.Init")
  private CostCalculator costs;

  UsagePricer(JsonCodec codec, Runnable onCounted) {
    this.codec = codec;
    this.onCounted = onCounted;
  }

  @Override
  public void init(ProcessorContext<String, PricedUsage> context) {
    this.context = context;
    KeyValueStore<String, byte[]> prices = context.getStateStore(UsageStores.PRICES);
    costs = new CostCalculator(new StoredPrices(prices, codec));
  }

  @Override
  public void process(Record<String, UsageEvent> record) {
    context.forward(record.withValue(costs.price(record.value())));
    onCounted.run();
  }
}
