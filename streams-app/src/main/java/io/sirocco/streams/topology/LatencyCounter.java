package io.sirocco.streams.topology;

import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.latency.LatencyKey;
import io.sirocco.streams.pricing.PricedUsage;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Counts how long complete answers took. Failed ones are left out: most fail at once, and would make
 * a model look fast.
 *
 * <p>Each task counts the users of its own partition; who asks adds the counts up.
 *
 * <p>Confined to one stream thread.
 */
final class LatencyCounter implements Processor<String, PricedUsage, Void, Void> {
  // Set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<LatencyKey, Long> store;

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    store = context.getStateStore(UsageStores.LATENCY);
  }

  @Override
  public void process(Record<String, PricedUsage> record) {
    if (record.value().event().failed()) {
      return;
    }
    for (WindowSize window : WindowSize.KEPT) {
      LatencyKey key = LatencyKey.of(record.value().event(), window);
      Long before = store.get(key);
      store.put(key, before == null ? 1L : before + 1);
    }
  }
}
